// The message in hand: which one it is, what it may, and the legs that belong to it.
// @ts-check

import { me } from "../base/me.js";
import { all, now, section, watch } from "../base/store.js";

/** @typedef {import("../base/types.js").Message} Message */
/** @typedef {import("../base/types.js").Leg} Leg */
/** @typedef {import("../base/types.js").Span} Span */
/** @typedef {import("../base/types.js").Block} Block */

const PRECEDENCES = ["ROUTINE", "PRIORITY", "IMMEDIATE", "FLASH"];
/** Nothing in hand on purpose: a slip is to be taken in, or a statement opened. */
export const NOTHING = "none";
const STORED = "hotline-hand";
/** A choice of the view: it outlives a reload, and in another browser the most urgent message is in hand. */
let chosen = sessionStorage.getItem(STORED) ?? "";
/** @type {Set<() => void>} */
const watchers = new Set();

/** Open messages, the most urgent first, then the oldest. @returns {Message[]} */
export function messages() {
  /** @type {Message[]} */
  const found = all("message/");
  const open = found.filter((one) => one.state !== "closed");
  return open.sort((one, other) => rank(other) - rank(one) || began(one) - began(other));
}

/** @param {Message} message */
function rank(message) {
  return PRECEDENCES.indexOf(message.precedence);
}

/** What a message is called; until it is sealed it has no serial. @param {Message} message */
export function nameOf(message) {
  return message.serial ?? message.subject.slice(message.subject.indexOf("/") + 1);
}

/** @param {Message} message */
function began(message) {
  return message.history[0]?.seq ?? 0;
}

/** @returns {Message | null} */
export function inHand() {
  if (chosen === NOTHING) return null;
  const known = chosen ? section(`message/${chosen}`) : null;
  return known ?? messages()[0] ?? null;
}

export function isNothing() {
  return chosen === NOTHING;
}

/** @param {string} subject */
export function takeInHand(subject) {
  chosen = subject;
  sessionStorage.setItem(STORED, subject);
  for (const told of watchers) told();
}

/** Take the next message in hand, and after the last one none: the place where a new one is begun. @param {number} step */
export function takeNext(step) {
  const places = [...messages().map((one) => one.subject), NOTHING];
  const here = places.indexOf(inHand()?.subject ?? NOTHING);
  takeInHand(places[(here + step + places.length) % places.length] ?? NOTHING);
}

/** @param {() => void} told after any change that a view of the message may show */
export function onHand(told) {
  watchers.add(told);
}

export function start() {
  const tell = () => {
    for (const told of watchers) told();
  };
  for (const prefix of ["message/", "leg/", "asked/", "duty"]) watch(prefix, tell);
}

/** Whether the present state takes an act, ready or not. @param {Message} message @param {string} act */
export function takes(message, act) {
  return message.may.some((one) => one.act === act);
}

/** What stands against an act; null: the state does not take it at all. @param {Message} message @param {string} act @returns {Block[] | null} */
export function against(message, act) {
  const found = message.may.find((one) => one.act === act);
  if (!found) return null;
  // Whoever released a message may not be the one who seals or says it.
  return found.not_for?.includes(me().person) ? [...found.blocked, { blocker: "two-persons", detail: "" }] : found.blocked;
}

/** What a field of an act can be. @param {Message} message @param {string} act @param {string} field */
export function choices(message, act, field) {
  return message.may.find((one) => one.act === act)?.choices?.[field] ?? [];
}

/** @param {string | null} name @returns {Leg | null} */
export function leg(name) {
  return name ? section(`leg/${name}`) : null;
}

/** @returns {Leg[]} */
export function openLegs() {
  /** @type {Leg[]} */
  const found = all("leg/");
  return found.filter((one) => one.state !== "ended");
}

/** The operator's leg of a call, the one that is up first. @param {string} call @returns {Leg | null} */
export function operatorOf(call) {
  return openLegs().find((one) => one.role === "operator" && one.call === call) ?? null;
}

/** The newest sample of a leg that is sure to be recorded. @param {Leg} known */
export function newestSample(known) {
  const level = section(`level/${known.leg}`);
  if (level) return Number(level.to_sample);
  return Math.max(0, Math.floor(((now() - Date.parse(known.t0_utc)) / 1000) * known.rate_hz));
}

/** What was recorded of a leg since a moment. @param {Leg} known @param {number} since_ms @returns {Span | null} */
export function spanSince(known, since_ms) {
  const from = Math.max(0, Math.floor(((since_ms - Date.parse(known.t0_utc)) / 1000) * known.rate_hz));
  const to = newestSample(known);
  return from < to ? { leg: known.leg, from_sample: from, to_sample: to } : null;
}

/** When the last act of a name was entered. @param {Message} message @param {string} act */
export function when(message, act) {
  const found = message.history.filter((one) => one.act === act).at(-1);
  return found ? Date.parse(found.utc) : Number.NaN;
}
