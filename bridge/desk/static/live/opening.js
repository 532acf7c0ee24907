// Nothing in hand: take a statement of somebody on the line, take a slip in, or call somebody.
// @ts-check

import { keep, made, set, show } from "../base/dom.js";
import { padded, short } from "../base/fmt.js";
import { LANGUAGES, tell } from "../base/locale.js";
import { localName, me } from "../base/me.js";
import { act, freshKey, line } from "../base/net.js";
import { now } from "../base/store.js";
import { ActionButton } from "./action.js";
import { messages, openLegs, operatorOf, takeInHand } from "./hand.js";
import { whoOf } from "./line.js";
import { SlipTaken } from "./slip.js";

/** @typedef {import("../base/types.js").Leg} Leg */
/** @typedef {import("./action.js").Action} Action */

const PRECEDENCES = ["ROUTINE", "PRIORITY", "IMMEDIATE", "FLASH"];
const KINDS = ["STATEMENT", "REPLY", "CORRECTION", "CANCELLATION", "SUSPENSION", "RESUMPTION"];
const CITING = ["REPLY", "CORRECTION", "CANCELLATION"];

/** A name for a statement until it has a serial: day, hour and minute, and what tells it from its neighbours. */
function newName() {
  const at = new Date(now());
  return `${padded(at.getUTCDate())}${padded(at.getUTCHours())}${padded(at.getUTCMinutes())}-${freshKey().slice(0, 4)}`;
}

/** @param {string} id @param {string[]} worths @param {string} words */
function choice(id, worths, words) {
  return made("select", { id }, ...worths.map((worth) => tell(made("option", { value: worth }), `${words}.${worth}`)));
}

/** @param {string} id @param {string} label @param {HTMLElement} field */
function row(id, label, field) {
  return made("p", { class: "field" }, tell(made("label", { for: id }), label), field);
}

export class Opening {
  /** @param {() => void} changed */
  constructor(changed) {
    this.slip = new SlipTaken(changed);
    this.leg = made("select", { id: "open-leg" });
    this.kind = choice("open-kind", KINDS, "kind");
    this.precedence = choice("open-precedence", PRECEDENCES, "precedence");
    this.cites = made("input", { id: "open-cites", dir: "ltr", maxlength: "24", autocomplete: "off" });
    this.open = new ActionButton();
    this.whom = made("select", { id: "call-whom" });
    this.how = choice("call-precedence", PRECEDENCES, "precedence");
    this.call = new ActionButton("action", true);
    this.ring = new ActionButton("action", true);
    this.take = new ActionButton();
    this.citesRow = row("open-cites", "header.cites", this.cites);
    this.called = "";
    this.kind.addEventListener("change", changed);
    const statement = made(
      "div",
      { class: "begin" },
      tell(made("h3", {}), "opening.statement"),
      made("div", { class: "fields" }, row("open-leg", "opening.leg", this.leg), row("open-kind", "opening.kind", this.kind), row("open-precedence", "header.precedence", this.precedence), this.citesRow),
      made("p", { class: "actions" }, this.open.button, this.open.why),
    );
    const calling = made(
      "div",
      { class: "begin" },
      tell(made("h3", {}), "opening.call"),
      made("div", { class: "fields" }, row("call-whom", "opening.whom", this.whom), row("call-precedence", "header.precedence", this.how)),
      made("p", { class: "actions" }, this.call.button, this.ring.button, this.call.why),
    );
    const slip = made("div", { class: "begin slip-in" }, this.slip.element, made("p", { class: "actions" }, this.take.button, this.take.why));
    this.element = made("div", { class: "opening" }, statement, calling, slip);
  }

  /** @returns {Leg[]} Legs of the side whose statement is not being taken yet. */
  speakers() {
    const taken = messages().flatMap((one) => (one.half === "taking" ? one.legs : []));
    return openLegs().filter((one) => one.role === "side" && !taken.includes(one.leg));
  }

  /** @param {Leg} leg */
  async begin(leg) {
    const kind = this.kind.value;
    const cites = CITING.includes(kind) ? { cites: this.cites.value.trim() } : {};
    const language = LANGUAGES.includes(leg.language) ? { language: leg.language } : {};
    const subject = `taking/${newName()}`;
    const answer = await act("Opened", subject, { leg: leg.leg, kind, precedence: this.precedence.value, ...cites, ...language });
    if (answer.result === "done") takeInHand(subject);
    return answer;
  }

  async takeIn() {
    const answer = await this.slip.send();
    if (answer.result === "done") takeInHand(String(answer.body.subject ?? ""));
    return answer;
  }

  /** What F9 does here, the main thing first. @returns {Action[]} */
  actions() {
    const leg = this.speakers().find((one) => one.leg === this.leg.value) ?? null;
    /** @type {Action[]} */
    const found = [];
    const text = this.slip.area.value.trim() !== "";
    const blocked = this.slip.agrees ? [] : [{ blocker: text ? "slip-differs" : "no-slip", detail: "" }];
    const take = { id: "SlipTyped", twice: true, blocked, run: () => this.takeIn() };
    if (text) found.push(take);
    if (leg) found.push({ id: "Opened", twice: false, blocked: [], run: () => this.begin(leg) });
    else found.push({ id: "Opened", twice: false, blocked: [{ blocker: "no-leg", detail: "" }], run: () => {} });
    if (!text) found.push(take);
    return found;
  }

  calling() {
    const whom = this.whom.value;
    const [what, name] = [whom.slice(0, whom.indexOf(":")), whom.slice(whom.indexOf(":") + 1)];
    const operator = openLegs().find((one) => one.role === "operator");
    const waits = operator && !openLegs().some((one) => one.role === "side" && one.call === operator.call);
    const fields = { precedence: this.how.value, ...(waits ? { call: operator.call } : {}) };
    const aim = what === "tier" ? { tier: Number(name) } : { contact: name };
    return { id: "call", twice: true, blocked: whom ? [] : [{ blocker: "nobody-chosen", detail: "" }], run: () => line("call", { ...aim, ...fields }) };
  }

  show() {
    const legs = this.speakers();
    keep(this.leg, legs, (one) => one.leg, (one) => made("option", { value: one.leg }), (option, one) => {
      const label = `${whoOf(one)} · ${short(one.leg)}`;
      if (option.textContent !== label) option.textContent = label;
    });
    this.leg.disabled = legs.length === 0;
    this.follow(legs);
    this.slip.show("slip");
    show(this.citesRow, CITING.includes(this.kind.value));
    this.showWhom();
    const [first, second] = this.actions();
    for (const one of [first, second]) if (one) (one.id === "Opened" ? this.open : this.take).show(one);
    this.call.show(this.calling());
    const unheard = openLegs().find((one) => one.role === "side" && !operatorOf(one.call));
    this.ring.show({ id: "ring-operator", twice: false, blocked: [], run: () => line("ring-operator", unheard ? { call: unheard.call } : {}) });
    set(this.whom, "data-many", String(this.whom.options.length));
  }

  /** A statement is as urgent as its call until the operator says otherwise. @param {Leg[]} legs */
  follow(legs) {
    const leg = legs.find((one) => one.leg === this.leg.value);
    if (!leg || leg.leg === this.called) return;
    this.called = leg.leg;
    if (PRECEDENCES.includes(leg.precedence)) this.precedence.value = leg.precedence;
  }

  showWhom() {
    const contacts = me().contacts ?? [];
    const tiers = [...new Set(contacts.map((one) => one.tier))].sort();
    const whom = [
      ...tiers.map((tier) => ({ key: `tier:${tier}`, tier, name: "" })),
      ...contacts.map((one) => ({ key: `contact:${one.contact}`, tier: 0, name: localName(one.name, one.contact) })),
    ];
    keep(this.whom, whom, (one) => one.key, (one) => made("option", { value: one.key }), (option, one) => {
      if (one.tier) tell(option, "opening.tier", { tier: one.tier });
      else if (option.textContent !== one.name) option.textContent = one.name;
    });
  }
}
