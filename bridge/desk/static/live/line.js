// The legs of the line: who is on it, since when, how loud, whether it is recorded. One card a leg, four places.
// @ts-check

import { keep, made, revalue, say, set, show, value } from "../base/dom.js";
import { decibel, moment, seconds, short, span } from "../base/fmt.js";
import { name, onLanguage, tell, text } from "../base/locale.js";
import { localName, me, sideName } from "../base/me.js";
import { line } from "../base/net.js";
import { now, section, watch } from "../base/store.js";
import { ActionButton, onAction } from "./action.js";
import { openLegs } from "./hand.js";
import { Scope } from "./scope.js";

/** @typedef {import("../base/types.js").Leg} Leg */

const SHOWN = 4;
/** As long as a fault of a recording may take to be seen; where none was, it is good. */
const JUDGED_S = 10;
const LATE_MS = 2000;

/** Who is at the other end. @param {Leg} leg */
export function whoOf(leg) {
  const contact = localName(leg.contact_name, leg.contact);
  if (leg.role === "side") return contact ? `${sideName(me().side)}: ${contact}` : sideName(me().side);
  return contact ? `${text(`role.${leg.role}`)}: ${contact}` : text(`role.${leg.role}`);
}

class LegCard {
  /** @param {string} leg */
  constructor(leg) {
    this.leg = leg;
    this.scope = new Scope();
    this.who = made("b", { class: "who" });
    this.id = value(short(leg));
    this.state = made("span", { class: "leg-state" });
    this.time = value("");
    this.health = made("span", { class: "leg-health" });
    this.precedence = made("span", { class: "precedence" });
    this.level = made("meter", { min: "0", max: "1000", low: "20", high: "950", optimum: "300" });
    name(this.level, "aria-label", "line.level");
    this.loud = value("");
    this.late = made("span", { class: "late", hidden: true });
    this.hold = new ActionButton("small", true);
    this.mute = new ActionButton("small", true);
    this.end = new ActionButton("small", true);
    const buttons = made("span", { class: "leg-buttons" }, this.mute.button, this.hold.button, this.end.button);
    const head = made("p", { class: "leg-head" }, this.who, this.id, this.precedence, this.state, this.time);
    const meters = made("p", { class: "leg-meters" }, this.level, this.loud, this.health, this.late, buttons);
    this.element = made("li", { class: "leg" }, head, this.scope.canvas, meters);
  }

  /** @param {Leg} leg */
  show(leg) {
    say(this.who, whoOf(leg));
    tell(this.state, leg.holds ? "leg.hold" : leg.muted ? "leg.muted" : `leg.${leg.state}`);
    this.showHealth(leg);
    set(this.element, "data-role", leg.role);
    set(this.element, "data-state", leg.muted ? "muted" : leg.holds ? "hold" : leg.state);
    show(this.precedence, leg.precedence !== "" && leg.precedence !== "ROUTINE");
    tell(this.precedence, `precedence.${leg.precedence}`);
    set(this.precedence, "data-precedence", leg.precedence);
    this.since = moment(leg.since);
    const of_ours = leg.role === "operator";
    this.mute.show(of_ours ? this.muting(leg) : null);
    this.hold.show(of_ours ? null : { id: leg.holds ? "resume" : "hold", twice: leg.holds, blocked: [], run: () => line(leg.holds ? "resume" : "hold", { leg: leg.leg }) });
    this.end.show({ id: "hang-up", twice: true, blocked: [], run: () => line("hang-up", { leg: leg.leg }) });
    this.tick();
  }

  /** @param {Leg} leg */
  muting(leg) {
    const id = leg.muted ? "unmute" : "mute";
    return { id, twice: leg.muted, blocked: [], run: () => line(id, { leg: leg.leg }) };
  }

  /** The line says what is wrong, and what is right again; of a recording that was right from its start it says nothing. @param {Leg} leg */
  showHealth(leg) {
    const recorded = Number(section(`level/${leg.leg}`)?.to_sample ?? 0);
    const health = leg.health || (recorded > JUDGED_S * leg.rate_hz && leg.rate_hz > 0 ? "good" : "none");
    tell(this.health, `health.${health}`);
    set(this.health, "data-health", health);
  }

  showLevel() {
    const level = section(`level/${this.leg}`);
    const known = section(`leg/${this.leg}`);
    if (known) this.showHealth(known);
    this.level.value = level?.now_permille ?? 0;
    revalue(this.loud, decibel(level?.now_permille ?? 0));
    const late = Number(level?.age_ms ?? 0);
    show(this.late, late > LATE_MS);
    tell(this.late, "line.late", { age: seconds(late) });
    this.scope.draw(level?.peaks ?? []);
  }

  tick() {
    revalue(this.time, span(now() - (this.since ?? Number.NaN)));
  }
}

/** @type {Map<string, LegCard>} */
const cards = new Map();

/** @param {HTMLElement} list @param {HTMLElement} nobody */
function draw(list, nobody) {
  const legs = openLegs();
  // The side first, then our own: where two of a kind are, the newest call is nearest.
  const order = ["side", "operator", "interpreter", "monitor"];
  legs.sort((one, other) => order.indexOf(one.role) - order.indexOf(other.role) || one.since.localeCompare(other.since));
  const shown = legs.slice(0, SHOWN);
  for (const leg of [...cards.keys()]) if (!shown.some((one) => one.leg === leg)) cards.delete(leg);
  const card = (/** @type {Leg} */ leg) => {
    const made_card = cards.get(leg.leg) ?? new LegCard(leg.leg);
    cards.set(leg.leg, made_card);
    return made_card.element;
  };
  keep(list, shown, (leg) => leg.leg, card, (_, leg) => cards.get(leg.leg)?.show(leg));
  list.dataset["many"] = String(shown.length);
  show(nobody, shown.length === 0);
}

/** @param {HTMLElement} parent */
export function start(parent) {
  const title = made("h2", { class: "unseen", id: "line-title" });
  tell(title, "line.title");
  const list = made("ul", { class: "legs" });
  const nobody = made("p", { class: "nobody" });
  tell(nobody, "line.nobody");
  parent.setAttribute("aria-labelledby", "line-title");
  parent.append(title, list, nobody);
  const redraw = () => draw(list, nobody);
  watch("leg/", redraw);
  onAction(redraw);
  onLanguage(redraw);
  watch("level/", () => {
    for (const card of cards.values()) card.showLevel();
  });
  setInterval(() => {
    for (const card of cards.values()) card.tick();
  }, 1000);
  redraw();
}
