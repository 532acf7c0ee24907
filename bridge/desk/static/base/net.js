// The way out: acts and line commands, each under one key, repeated under the same key until they are answered.
// @ts-check

/**
 * @typedef {{result: string, code: string, detail: string, status: number, blocked: {blocker: string, detail: string}[],
 *   differences: {what: string, line: number, column: number, found: string, expected: string}[],
 *   body: Record<string, any>}} Answer
 */
/** @typedef {{key: string, path: string, body: string, tries: number, promise: Promise<Answer>}} Sending */

const WAITS_MS = [250, 500, 1000, 2000];
const LIMIT_MS = 8000;
/** @type {Map<string, Sending>} By what is asked for: the same thing asked twice while it is under way is asked once. */
const under_way = new Map();
/** @type {Set<(count: number, tries: number) => void>} */
const watchers = new Set();
/** @type {() => Promise<void>} Resolves once somebody has signed in again. */
let signIn = async () => {};

/** @param {() => Promise<void>} ask */
export function onExpired(ask) {
  signIn = ask;
}

/** Tell how many acts wait for their answer, and how often the most tried one was sent. @param {(count: number, tries: number) => void} watcher */
export function onWaiting(watcher) {
  watchers.add(watcher);
}

function tell() {
  const tries = Math.max(0, ...[...under_way.values()].map((one) => one.tries));
  for (const watcher of watchers) watcher(under_way.size, tries);
}

/** A new key: 128 bits, in an alphabet that every journal takes. */
export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

/** One try. Null: nobody knows whether it arrived. @param {Sending} sending @returns {Promise<Answer | null>} */
async function tried(sending) {
  try {
    const response = await fetch(sending.path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": sending.key },
      body: sending.body,
      cache: "no-store",
      credentials: "same-origin",
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    const text = await response.text();
    return answered(response.status, text);
  } catch {
    return null; // lost on the way: the same key again finds out what became of it
  }
}

/** @param {number} status @param {string} text @returns {Answer} */
function answered(status, text) {
  /** @type {Record<string, any>} */
  let body = {};
  try {
    const read = JSON.parse(text || "{}");
    if (read && typeof read === "object") body = read;
  } catch {
    body = {}; // a proxy's page; the status says enough
  }
  const refused = status >= 400;
  return {
    status,
    result: String(body.result ?? (refused ? "refused" : "done")),
    code: String(body.code ?? (refused ? `http-${status}` : "")),
    detail: String(body.detail ?? ""),
    blocked: Array.isArray(body.blocked) ? body.blocked : [],
    differences: Array.isArray(body.differences) ? body.differences : [],
    body,
  };
}

/** @param {Sending} sending @returns {Promise<Answer>} */
async function untilAnswered(sending) {
  for (;;) {
    sending.tries += 1;
    tell();
    const answer = await tried(sending);
    if (answer?.status === 401) await signIn();
    else if (answer?.status === 429) await pause(1000 * Math.max(1, Number(answer.body.wait_s) || 1));
    else if (answer && answer.status < 500) return answer;
    else if (answer && answer.status !== 503 && sending.tries > WAITS_MS.length) return answer;
    else await pause(WAITS_MS[Math.min(sending.tries, WAITS_MS.length) - 1] ?? 2000);
  }
}

/**
 * @param {string} path
 * @param {Record<string, unknown>} body
 * @returns {Promise<Answer>}
 */
export function post(path, body) {
  const text = JSON.stringify(body);
  const intention = `${path} ${text}`;
  const known = under_way.get(intention);
  if (known) return known.promise;
  /** @type {Sending} */
  const sending = { key: freshKey(), path, body: text, tries: 0, promise: Promise.resolve(answered(0, "")) };
  under_way.set(intention, sending);
  sending.promise = untilAnswered(sending).finally(() => {
    under_way.delete(intention);
    tell();
  });
  return sending.promise;
}

/** What is sent now and what is to be sent after it. @type {Map<string, {next: (() => Promise<unknown>) | null}>} */
const turns = new Map();

/** One after the other for each name, so that the last one counts; of those that wait only the newest is sent. @param {string} name @param {() => Promise<unknown>} run */
export async function inTurn(name, run) {
  const turn = turns.get(name);
  if (turn) {
    turn.next = run;
    return;
  }
  const mine = { next: /** @type {(() => Promise<unknown>) | null} */ (run) };
  turns.set(name, mine);
  for (let now = mine.next; now; now = mine.next) {
    mine.next = null;
    await now();
  }
  turns.delete(name);
}

/** @param {string} name */
export function isInTurn(name) {
  return turns.has(name);
}

/** @param {string} act @param {string} subject @param {Record<string, unknown>} [fields] */
export function act(act, subject, fields = {}) {
  return post("/api/acts", { act, subject, fields });
}

/** @param {string} command @param {Record<string, unknown>} [fields] */
export function line(command, fields = {}) {
  return post("/api/line", { command, ...fields });
}

/** @param {string} entry @param {Record<string, unknown>} [fields] */
export function duty(entry, fields = {}) {
  return post("/api/duty", { entry, fields });
}

/** Read something; null where it cannot be had now. @param {string} path @returns {Promise<any>} */
export async function got(path) {
  try {
    const response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(LIMIT_MS) });
    if (response.status === 401) {
      await signIn();
      return await got(path);
    }
    if (!response.ok) return null;
    const type = response.headers.get("Content-Type") ?? "";
    return type.includes("json") ? await response.json() : await response.text();
  } catch {
    return null; // whoever asked says so on the screen
  }
}

/** Post a form or a picture, once, without a key: nothing is entered by it. @param {string} path @param {BodyInit} body @param {string} type @returns {Promise<any>} */
export async function asked(path, body, type) {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": type },
      body,
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    return { status: response.status, ...(await response.json()) };
  } catch {
    return null; // whoever asked says so on the screen
  }
}
