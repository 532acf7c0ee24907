// Alarms in three priorities, each with one named thing to do. The worst one stands large; all are counted. Shape, sign and
// word say it before colour does.
// @ts-check

import { keep, made, say, set, show, value } from "../base/dom.js";
import { moment, short, span } from "../base/fmt.js";
import { has, name, onLanguage, tell } from "../base/locale.js";
import { act } from "../base/net.js";
import { isStale, link, named, now, watch } from "../base/store.js";
import { ActionButton, onAction } from "./action.js";
import { inHand, onHand } from "./hand.js";
import { partOf } from "./relay.js";
import { isOn, onSound, sound } from "./tones.js";

/** @typedef {import("../base/types.js").Alarm} Alarm */
/** @typedef {Alarm & {id: string}} Shown */

const RANKS = ["LOW", "MEDIUM", "HIGH"];
const SIGNS = { HIGH: "■", MEDIUM: "▲", LOW: "●" };
const AGAIN_MS = 15_000;
const CHIPS = 3;
/** @type {Map<string, number>} When each alarm last sounded. */
const sounded = new Map();

/** @param {string} alarm @param {"HIGH" | "MEDIUM" | "LOW"} priority @returns {Shown} */
function own(alarm, priority) {
  return { id: `page ${alarm}`, alarm, priority, leg: "", call: "", since: "", action: alarm, acknowledged_by: "" };
}

/** What this page sees by itself: no server would tell it. @returns {Shown[]} */
function seenHere() {
  /** @type {Shown[]} */
  const found = [];
  if (link.connected && isStale()) found.push(own("page-stale", "HIGH"));
  else if (!link.connected && isStale()) found.push(own("page-offline", "HIGH"));
  const message = inHand();
  const part = message?.half === "giving" ? partOf(message)[1] : null;
  if (part?.match === "altered" && (message?.state === "relaying" || message?.state === "reading-back")) found.push(own("said-otherwise", "HIGH"));
  if (!isOn()) found.push(own("sound-off", "LOW"));
  return found;
}

/** All alarms, the worst and newest first. @returns {Shown[]} */
export function alarms() {
  const theirs = named("alarm/").map(([id, alarm]) => ({ id, .../** @type {Alarm} */ (alarm) }));
  const differs = theirs.some((one) => one.alarm === "relay-differs");
  const ours = seenHere().filter((one) => one.alarm !== "said-otherwise" || !differs);
  const rank = (/** @type {Shown} */ one) => RANKS.indexOf(one.priority) * 2 - (one.acknowledged_by ? 1 : 0);
  return [...theirs, ...ours].sort((one, other) => rank(other) - rank(one) || other.since.localeCompare(one.since));
}

/** @param {Shown[]} shown */
function ring(shown) {
  for (const id of sounded.keys()) if (!shown.some((one) => one.id === id)) sounded.delete(id);
  for (const one of shown) {
    if (one.acknowledged_by || one.alarm === "sound-off") continue;
    const last = sounded.get(one.id);
    const due = last === undefined || (one.priority === "HIGH" && performance.now() - last > AGAIN_MS);
    if (due && sound(one.priority)) {
      sounded.set(one.id, performance.now());
      return; // one at a time
    }
  }
}

/** @param {Shown} alarm @param {HTMLElement} place */
function tellAlarm(alarm, place) {
  const key = `alarm.${alarm.alarm}`;
  if (has(key)) tell(place, key);
  else tell(place, "alarm.other", { code: alarm.alarm });
}

/** That a person has seen it is entered, and ends the sound. @param {Shown} alarm */
function seeing(alarm) {
  if (alarm.id.startsWith("page ") || alarm.acknowledged_by) return null;
  return { id: "AlarmAcknowledged", twice: false, blocked: [], run: () => act("AlarmAcknowledged", "", { alarm: alarm.id }) };
}

/** @param {HTMLElement} parent */
export function start(parent) {
  name(parent, "aria-label", "alarms.title");
  const sign = made("span", { class: "alarm-sign", "aria-hidden": "true" });
  const word = made("b", { class: "alarm-word" });
  const what = made("span", { class: "alarm-what" });
  const where = value("");
  const since = value("");
  const action = made("span", { class: "alarm-do" });
  const seen = new ActionButton("small", true);
  const worst = made("p", { class: "alarm", role: "alert" }, sign, word, what, where, since, action);
  const others = made("ul", { class: "chips" });
  const more = made("span", { class: "chip-more" });
  const none = made("p", { class: "quiet" });
  tell(none, "alarms.none");
  parent.append(worst, seen.button, others, more, none);

  const draw = () => {
    const all = alarms();
    const [first, ...rest] = all;
    show(worst, first !== undefined);
    show(none, first === undefined);
    set(parent, "data-priority", first?.priority ?? "none");
    if (first) {
      say(sign, SIGNS[first.priority]);
      tell(word, `alarm-word.${first.priority}`);
      tellAlarm(first, what);
      say(where, first.leg ? short(first.leg) : "");
      const began = moment(first.since);
      say(since, Number.isFinite(began) ? span(now() - began) : "");
      const key = [`do.${first.action}`, `do.${first.alarm}`].find(has);
      if (key) tell(action, key);
      show(action, key !== undefined);
    }
    seen.show(first ? seeing(first) : null);
    keep(others, rest.slice(0, CHIPS), (one) => one.id, () => made("li", { class: "chip" }, made("span", { "aria-hidden": "true" }), made("span", {})), (chip, one) => {
      set(chip, "data-priority", one.priority);
      if (chip.firstElementChild) say(chip.firstElementChild, SIGNS[one.priority]);
      if (chip.lastElementChild) tellAlarm(one, /** @type {HTMLElement} */ (chip.lastElementChild));
    });
    show(more, rest.length > CHIPS);
    tell(more, "alarms.more", { count: rest.length - CHIPS });
    ring(all);
  };
  watch("alarm/", draw);
  onHand(draw);
  onSound(draw);
  onAction(draw);
  onLanguage(draw);
  setInterval(draw, 1000);
  draw();
}
