// What the station says: sections by name, each with the number of its last change, and who wants to know of changes.
// @ts-check

import { onExpired } from "./net.js";

/** @typedef {{boot: string, n: number, beat: number, arrived: number, connected: boolean}} Link */

const STALE_MS = 2000;
/** Never longer apart: whoever waits for the desk to be back sees it half a second later. */
const AGAIN_MS = [100, 200, 300, 500];
/** @type {Map<string, any>} */
const sections = new Map();
/** @type {{prefix: string, told: () => void}[]} */
const watchers = [];
/** @type {Set<string>} */
const changed = new Set();
/** @type {Link} */
export const link = { boot: "", n: 0, beat: Number.NaN, arrived: Number.NEGATIVE_INFINITY, connected: false };
let clock_ahead_ms = 0;
let failures = 0;
/** @type {WebSocket | null} */
let socket = null;
/** @type {() => Promise<void>} */
let signIn = async () => {};

/** @param {string} name @returns {any} */
export function section(name) {
  return sections.get(name) ?? null;
}

/** All sections whose name begins so, in the order of their names. @param {string} prefix @returns {any[]} */
export function all(prefix) {
  const names = [...sections.keys()].filter((name) => name.startsWith(prefix));
  return names.sort().map((name) => sections.get(name));
}

/** As `all`, with the rest of each name. @param {string} prefix @returns {[string, any][]} */
export function named(prefix) {
  const names = [...sections.keys()].filter((name) => name.startsWith(prefix));
  return names.sort().map((name) => [name.slice(prefix.length), sections.get(name)]);
}

/** Call `told` after any change of a section whose name begins so; changes of one moment are told together. @param {string} prefix @param {() => void} told */
export function watch(prefix, told) {
  watchers.push({ prefix, told });
}

/** The station's time now, milliseconds since 1970. */
export function now() {
  return Date.now() + clock_ahead_ms;
}

/** How old what is shown is. */
export function age() {
  return performance.now() - link.arrived;
}

export function isStale() {
  return age() > STALE_MS;
}

function tell() {
  const names = [...changed];
  changed.clear();
  for (const { prefix, told } of [...watchers]) if (names.some((name) => name.startsWith(prefix))) told();
}

/** @param {string} name @param {any} worth */
function put(name, worth) {
  if (worth === null) sections.delete(name);
  else sections.set(name, worth);
  if (changed.size === 0) queueMicrotask(tell);
  changed.add(name);
}

/** Note the server's time. @param {string} iso */
export function beat(iso) {
  const at = Date.parse(iso);
  if (!Number.isFinite(at)) return;
  link.beat = at;
  link.arrived = performance.now();
  clock_ahead_ms = at - Date.now();
}

/** Take a whole state: what it does not hold is gone. @param {{boot: string, n: number, sections: Record<string, any>}} state */
export function take(state) {
  if (state.boot !== link.boot) for (const name of sections.keys()) if (!(name in state.sections)) put(name, null);
  link.boot = state.boot;
  link.n = Math.max(state.n, 0);
  for (const [name, worth] of Object.entries(state.sections)) put(name, worth);
}

/** @param {string} text */
export function message(text) {
  const said = JSON.parse(text);
  if (typeof said.boot === "string" && said.boot !== link.boot) {
    for (const name of sections.keys()) put(name, null);
    link.boot = said.boot;
  }
  if (typeof said.n === "number") link.n = Math.max(link.n, said.n);
  if (said.beat) beat(said.beat);
  else if (typeof said.s === "string") put(said.s, said.v ?? null);
  link.arrived = performance.now();
}

/** Fetch the whole state, for a first look and after a restart of the server. Returns the status. */
async function refresh() {
  const response = await fetch("/api/state", { cache: "no-store", signal: AbortSignal.timeout(5000) });
  if (response.ok) take(await response.json());
  return response.status;
}

async function connect() {
  let status = 0;
  try {
    status = await refresh();
  } catch {
    status = 0; // nobody answers; said by STALE, tried again below
  }
  if (status === 401) {
    await signIn();
  }
  if (status !== 200) return again(status === 401 ? 0 : undefined);
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const asked = new WebSocket(`${scheme}://${location.host}/api/events?boot=${encodeURIComponent(link.boot)}&since=${link.n}`);
  socket = asked;
  asked.onopen = () => {
    failures = 0;
    link.connected = true;
    link.arrived = performance.now();
  };
  asked.onmessage = (event) => message(String(event.data));
  asked.onclose = () => {
    link.connected = false;
    if (socket === asked) again();
  };
}

/** @param {number} [ms] */
function again(ms) {
  const wait = ms ?? AGAIN_MS[Math.min(failures, AGAIN_MS.length - 1)] ?? 1000;
  failures += 1;
  setTimeout(() => void connect(), wait);
}

/** A socket that says nothing for long is dead, whatever the browser thinks of it. */
function look() {
  if (socket && link.connected && age() > 3 * STALE_MS) socket.close();
}

/** Say who asks for a new session when the old one has ended. @param {() => Promise<void>} ask resolves once somebody has signed in */
export function expect(ask) {
  /** @type {Promise<void> | null} Everybody waits for the same sheet. */
  let asking = null;
  signIn = () => {
    asking ??= ask().finally(() => {
      asking = null;
    });
    return asking;
  };
  onExpired(signIn);
}

export function start() {
  setInterval(look, 1000);
  return connect();
}
