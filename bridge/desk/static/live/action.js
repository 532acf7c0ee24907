// The main action of the step, on F9 and on its button. What opens a microphone, seals or cannot be taken back asks
// first: F9 or a click, then Enter or a second click, Esc backs out. Nothing pops up.
// @ts-check

import { made, set, show, value } from "../base/dom.js";
import { ahead, bind, once } from "../base/keys.js";
import { has, name, pieces, tell, text } from "../base/locale.js";
import { detailed } from "./details.js";

/** @typedef {import("../base/types.js").Block} Block */
/** @typedef {import("../base/net.js").Answer} Answer */
/** @typedef {{id: string, twice: boolean, blocked: Block[], run: () => Promise<Answer | null | void> | void}} Action */

/** A double click must not arm and fire. */
const SETTLE_MS = 500;
/** Words take up to the desk's patience with the second recogniser; then the desk goes on without it. */
const INSIST_MS = 12_000;
const AGAIN_MS = 400;
/** Of one kind of reason; the others are counted. */
const DETAILS = 6;
/** Not on F9, not even where nothing else is offered for a moment: what ends a message has a button of its own. */
export const ENDED_BY_HAND = ["Ended"];
/** @type {Action | null} */
let main = null;
/** @type {Action | null} */
let away = null;
/** @type {{action: Action, at: number, about: string} | null} */
let armed = null;
/** @type {Set<string>} */
const busy = new Set();
let subject = "";
/** @type {Set<() => void>} */
const watchers = new Set();
/** @type {(answer: Answer | null, id: string) => void} */
let answered = () => {};

/** @param {() => void} told when what is armed or under way changes */
export function onAction(told) {
  watchers.add(told);
}

/** @param {(answer: Answer | null, id: string) => void} told */
export function onAnswer(told) {
  answered = told;
}

function tellAll() {
  for (const told of watchers) told();
}

/**
 * Say what the step offers now, the main action first. What was armed stays so only while it is still offered and free.
 * @param {Action[]} actions @param {string} about the message they are about
 */
export function setActions(actions, about) {
  main = actions.find((one) => !ENDED_BY_HAND.includes(one.id)) ?? null;
  if (armed && armed.about !== "") {
    const id = armed.action.id;
    const still = armed.about === about ? actions.find((one) => one.id === id) : undefined;
    if (!still || still.blocked.length) armed = null;
    else armed.action = still;
  }
  subject = about;
  tellAll();
}

export function mainAction() {
  return away ?? main;
}

/** Say that another screen is shown: F9 leads back before it does anything to a message nobody sees. @param {(() => void) | null} back */
export function setAway(back) {
  away = back && { id: "to-desk", twice: false, blocked: [], run: back };
  disarm();
  tellAll();
}

export function armedAction() {
  return armed?.action ?? null;
}

/** @param {string} id */
export function isBusy(id) {
  return busy.has(id);
}

export function disarm() {
  if (!armed) return false;
  armed = null;
  tellAll();
  return true;
}

/**
 * Words are still being recognised when their speaker has stopped: what waits for them alone is asked again, so that
 * nobody has to press a key until it is taken.
 * @param {Action} action
 */
async function insist(action) {
  const until = performance.now() + INSIST_MS;
  for (;;) {
    const answer = await action.run();
    if (!answer || answer.code !== "not-settled" || performance.now() > until) return answer;
    answered(answer, action.id);
    await new Promise((go) => window.setTimeout(go, AGAIN_MS));
  }
}

/** @param {Action} action */
async function run(action) {
  if (busy.has(action.id)) return;
  busy.add(action.id);
  armed = null;
  tellAll();
  try {
    const answer = await insist(action);
    if (answer) answered(answer, action.id);
  } finally {
    busy.delete(action.id);
    tellAll();
  }
}

/** Begin an action: at once, or by asking for the second key. @param {Action | null} action @param {string} about */
export function begin(action, about) {
  if (!action || action.blocked.length || busy.has(action.id)) return;
  if (!action.twice) void run(action);
  else {
    armed = { action, at: performance.now(), about };
    tellAll();
  }
}

/** The second key or click. */
export function confirm() {
  if (!armed || performance.now() - armed.at < SETTLE_MS / 5) return;
  void run(armed.action);
}

/** @param {Action} action @param {string} about */
function clicked(action, about) {
  if (armed?.action.id !== action.id) begin(action, about);
  else if (performance.now() - armed.at >= SETTLE_MS) confirm();
}

/** One sentence a kind of reason, with all its details. @param {Block[]} blocked */
export function reasons(blocked) {
  const kinds = [...new Set(blocked.map((one) => one.blocker))];
  return kinds.map((blocker) => {
    const details = blocked.filter((one) => one.blocker === blocker && one.detail).map((one) => one.detail);
    const line = reason({ blocker, detail: details[0] ?? "" });
    for (const detail of details.slice(1, DETAILS)) line.append(", ", detailed({ blocker, detail }));
    if (details.length > DETAILS) line.append(" ", ...pieces("blocker.more", { count: details.length - DETAILS }));
    return line;
  });
}

/** A sentence for something that stands in the way, with its detail as a value. @param {Block} block */
export function reason(block) {
  const key = `blocker.${block.blocker}`;
  const line = made("span", { class: "reason" }, ...pieces(has(key) ? key : "blocker.other"));
  if (!has(key)) line.append(" ", value(block.blocker));
  if (block.detail) line.append(": ", detailed(block));
  return line;
}

export class ActionButton {
  /** @param {string} [className] @param {boolean} [of_line] it belongs to the line and not to the message in hand */
  constructor(className = "action", of_line = false) {
    /** @type {Action | null} */
    this.action = null;
    this.label = made("span", {});
    this.button = made("button", { type: "button", class: className }, this.label);
    this.why = made("span", { class: "reasons" });
    this.button.addEventListener("click", () => this.action && clicked(this.action, of_line ? "" : subject));
    this.shown = "";
  }

  /** @param {Action | null} action */
  show(action) {
    this.action = action;
    show(this.button, action !== null);
    if (!action) return this.why.replaceChildren();
    const is_armed = armed?.action.id === action.id;
    const off = action.blocked.length > 0 || busy.has(action.id);
    set(this.button, "data-act", action.id);
    tell(this.label, is_armed ? "action.sure" : `act.${action.id}`);
    set(this.button, "aria-disabled", off ? "true" : false);
    this.button.classList.toggle("armed", is_armed);
    this.button.classList.toggle("twice", action.twice);
    this.button.classList.toggle("off", off);
    name(this.button, "title", `act.${action.id}`);
    const said = text("action.sure") + JSON.stringify(action.blocked);
    if (said !== this.shown) this.why.replaceChildren(...reasons(action.blocked));
    this.shown = said;
  }
}

export function start() {
  bind("F9", once(() => (armed ? undefined : begin(mainAction(), subject))));
  ahead((event) => {
    if (event.code !== "Enter" || !armed || event.ctrlKey || event.altKey) return false;
    if (!event.repeat) confirm();
    return true;
  });
}
