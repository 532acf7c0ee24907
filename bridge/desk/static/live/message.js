// The message in hand, in the form that its step needs, with what can be done and what stands in the way.
// @ts-check

import { keep, made, set, show, value } from "../base/dom.js";
import { moment, span } from "../base/fmt.js";
import { name, onLanguage, tell, untell } from "../base/locale.js";
import { act } from "../base/net.js";
import { isPlaying, onHeard, play } from "../base/player.js";
import { now } from "../base/store.js";
import { ActionButton, armedAction, ENDED_BY_HAND, onAction, setActions } from "./action.js";
import { cursorSpan } from "./captions.js";
import { actions } from "./course.js";
import { Draft } from "./draft.js";
import { NOTHING, inHand, isNothing, leg, messages, nameOf, onHand, operatorOf, spanSince, takeInHand, takes, when } from "./hand.js";
import { Header } from "./header.js";
import { Ending, Officer } from "./officer.js";
import { Opening } from "./opening.js";
import { remarked } from "./remarks.js";
import { Findings, SaidText, partOf } from "./relay.js";
import { SlipShown, SlipTaken } from "./slip.js";
import { SlotList, forget, heardSlot, onSlots, openSlot, tick, toNext } from "./slots.js";

/** @typedef {import("../base/types.js").Message} Message */
/** @typedef {import("../base/types.js").Span} Span */
/** @typedef {import("./action.js").Action} Action */

const RATE_HZ = 8000;
const BUTTONS = 6;
const ROOMY = 4;
/** Letters of what was corrected, in the record. */
const NAMED = 400;
const GROWING = ["reading", "awaiting", "confirmed", "relaying", "reading-back"];

/** Which form the message has on the screen. @param {Message | null} message */
function formOf(message) {
  if (!message) return "opening";
  if (message.half === "giving") return message.state === "closed" ? "sealed" : "giving";
  if (["hearing", "drafting"].includes(message.state)) return "drafting";
  return ["reading", "awaiting", "confirmed"].includes(message.state) ? "reading" : "sealed";
}

class Pane {
  constructor() {
    const changed = () => this.show();
    this.tabs = made("div", { class: "tabs", role: "group" });
    name(this.tabs, "aria-label", "tabs.title");
    this.facts = made("p", { class: "message-facts" });
    this.deadline = made("span", { class: "deadline" });
    this.warnings = made("p", { class: "warnings", hidden: true, tabindex: "0", role: "group", "data-scrolls": true });
    name(this.warnings, "aria-label", "remark.title");
    this.draft = new Draft(changed);
    this.said = new SaidText();
    this.slots = new SlotList();
    this.findings = new Findings();
    this.header = new Header();
    this.officer = new Officer();
    this.ending = new Ending();
    this.slip = new SlipShown();
    this.taken = new SlipTaken(changed);
    this.opening = new Opening(changed);
    this.buttons = Array.from({ length: BUTTONS }, (_, index) => new ActionButton(index ? "action" : "action main"));
    this.reasons = made("div", { class: "why", role: "group", tabindex: "0", "data-scrolls": true });
    name(this.reasons, "aria-label", "work.reasons");
    this.left = made("div", { class: "left" }, this.draft.element, this.said.element, this.slip.element);
    this.right = made("div", { class: "right" }, this.findings.element, this.slots.element, this.slip.symbols, this.taken.element);
    this.row = made("p", { class: "actions" }, ...this.buttons.map((one) => one.button));
    this.form = made("div", { class: "form" }, this.left, this.right);
    this.below = made("div", { class: "below" }, this.header.element, this.officer.element, this.row, this.reasons);
    this.subject = "";
  }

  /** @param {HTMLElement} parent */
  start(parent) {
    const title = made("h2", { class: "unseen", id: "work-title" });
    tell(title, "work.title");
    parent.setAttribute("aria-labelledby", "work-title");
    const head = made("div", { class: "message-head" }, this.tabs, this.deadline);
    parent.append(title, head, this.facts, this.warnings, this.opening.element, this.form, this.below);
    // What is not in the page when the language changes would keep its old words.
    this.header.element.append(...this.ending.rows);
    for (const watch of [onHand, onSlots, onAction, onLanguage]) watch(() => this.show());
    onHeard((spans) => this.heard(spans));
    setInterval(() => this.look(), 1000);
    this.show();
  }

  /** What was played of the message counts as heard. @param {Span[]} spans */
  heard(spans) {
    const message = inHand();
    if (!message || !takes(message, "Played")) return;
    for (const one of spans) if (message.legs.includes(one.leg)) void act("Played", message.subject, { span: one });
  }

  /** Which audio is the message: from the word at the cursor on, or all that was heard. @param {Message} message @returns {Span | null} */
  span(message) {
    const last = message.heard.at(-1)?.span;
    if (!last) return null;
    const cursor = cursorSpan(last.leg);
    const first = message.heard.find((one) => one.span.leg === last.leg)?.span ?? last;
    return { leg: last.leg, from_sample: cursor?.from_sample ?? first.from_sample, to_sample: last.to_sample };
  }

  /** @param {Message} message */
  playMissing(message) {
    const missing = message.coverage?.missing[0];
    if (missing && !isPlaying()) void play(missing, leg(missing.leg)?.rate_hz ?? RATE_HZ);
  }

  /** What is in doubt: the last seconds of whoever says it. @param {Message} message @returns {Span | null} */
  inDoubt(message) {
    // What is judged is what was said: the relay by the operator, the read-back by the officer, from where it began.
    const side = leg(message.leg);
    const speaker = message.state === "relaying" ? side && operatorOf(side.call) : side;
    const began = when(message, message.state === "relaying" ? "RelayStarted" : "ReadBackBegun");
    return speaker ? spanSince(speaker, began) : null;
  }

  /** @param {Message} message @returns {Action[]} */
  offered(message) {
    const found = actions(message, {
      isDirty: this.draft.isDirty,
      draft: () => this.draft.text(),
      keepDraft: () => this.draft.keep(),
      span: () => this.span(message),
      playMissing: () => this.playMissing(message),
      openSlot: openSlot(message),
      heardSlot: heardSlot(message),
      // A key that is pressed again too soon must not cut off what is being listened to; F8 goes on at once.
      nextSlot: () => void (isPlaying() || toNext(1)),
      begun: () => this.draft.takeHeard(),
      tick: () => tick(message),
      person: () => this.officer.person(),
      authority: () => this.officer.authority.input.value.trim(),
      isAuthorised: () => this.officer.listed.checked,
      contact: () => this.officer.contact.select.value,
      ended: () => this.ending.fields(),
      reply: () => this.officer.reply.select.value,
      tier: () => Number(this.officer.tier.select.value),
      carried: () => this.taken.focus(),
      inDoubt: () => this.inDoubt(message),
      finding: () => wrongOf(message),
    });
    if (message.state !== "carried" && message.state !== "returned") return found;
    const text = this.taken.area.value.trim();
    const blocked = this.taken.agrees ? [] : [{ blocker: "slip-differs", detail: "" }];
    return text ? [{ id: "SlipTyped", twice: true, blocked, run: () => this.taken.send() }, ...found] : found;
  }

  show() {
    const message = inHand();
    const form = formOf(message);
    if ((message?.subject ?? "") !== this.subject) forget();
    this.subject = message?.subject ?? "";
    this.showTabs(message);
    show(this.opening.element, form === "opening");
    for (const element of [this.form, this.below]) show(element, form !== "opening");
    set(this.form, "data-form", form);
    if (!message) return this.showOpening();
    this.showFacts(message);
    this.showForm(message, form);
    const offered = this.offered(message);
    setActionsOnce(offered, message.subject);
    this.showActions(offered);
    this.tick();
  }

  showOpening() {
    tell(this.facts, isNothing() ? "work.nothing" : "work.none");
    set(this.facts, "data-shown", false);
    show(this.deadline, false);
    show(this.warnings, false);
    this.opening.show();
    setActionsOnce(this.opening.actions(), NOTHING);
  }

  /** @param {Message} message @param {string} form */
  showForm(message, form) {
    show(this.draft.element, form === "drafting");
    show(this.said.element, form === "reading" || form === "giving");
    show(this.slip.element, form === "sealed");
    // What came back is told here and carried no further: it needs no symbols.
    const is_back = message.half === "taking" && Boolean(message.return_slip) && message.state !== "carried";
    show(this.slip.symbols, form === "sealed" && !is_back);
    // After the receipt the talk may end, and with it what was compared and ticked in it: the receipt stands for both.
    const is_over = ["receipted", "acknowledged"].includes(message.state) && !partOf(message)[1];
    show(this.slots.element, form !== "sealed" && !is_over);
    show(this.findings.element, form === "giving" && !is_over);
    show(this.taken.element, form === "sealed" && takes(message, "SlipTyped"));
    this.taken.show(message.subject);
    show(this.header.element, message.half === "taking" && form !== "sealed");
    show(this.officer.element, message.half === "giving" && message.state !== "closed");
    const fields = message.half === "giving" ? this.officer.element : this.header.element;
    const place = form === "sealed" ? this.row : fields;
    for (const row of this.ending.rows) if (row.parentElement !== place) place.append(row);
    if (form === "drafting") this.draft.show(message);
    if (form === "reading") this.said.show(message.state === "confirmed" ? "text.confirmed" : "text.taking", message.read_back?.text ?? "", message.language, null);
    if (form === "giving") {
      const [part, found] = partOf(message);
      this.said.show(`text.giving.${part}`, message.sealed?.text ?? "", message.language, found);
      this.findings.show(message);
      this.officer.show(message);
    }
    if (form === "sealed") this.slip.show(message);
    else this.slots.show(message);
    if (message.half === "taking") this.header.show(message);
    this.ending.show(message);
  }

  /** @param {Action[]} offered */
  showActions(offered) {
    const ended = offered.filter((one) => ENDED_BY_HAND.includes(one.id));
    const rest = offered.filter((one) => !ENDED_BY_HAND.includes(one.id)).slice(0, BUTTONS - ended.length);
    const shown = [...rest, ...ended];
    this.buttons.forEach((button, index) => button.show(shown[index] ?? null));
    const why = this.buttons.filter((one) => one.action?.blocked.length).slice(0, 2);
    const key = JSON.stringify(why.map((one) => [one.action?.id, one.action?.blocked])) + armedAction()?.id + document.documentElement.lang;
    if (this.reasons.getAttribute("data-shown") === key) return;
    set(this.reasons, "data-shown", key);
    this.reasons.replaceChildren(
      ...why.map((one) => made("p", {}, tell(made("b", {}), `act.${one.action?.id}`), ": ", one.why.cloneNode(true))),
    );
  }

  /** @param {Message | null} message */
  showTabs(message) {
    const places = [...messages().map((one) => ({ key: one.subject, one })), { key: NOTHING, one: null }];
    keep(this.tabs, places, (place) => place.key, (place) => madeTab(place.key), (tab, place) => {
      set(tab, "aria-pressed", String((message?.subject ?? NOTHING) === place.key));
      if (!place.one) return void tell(tab, "tabs.new");
      const label = nameOf(place.one);
      tell(tab, places.length > ROOMY ? "tabs.short" : `tabs.${place.one.half}`, { label });
      set(tab, "data-precedence", place.one.precedence);
    });
  }

  /** @param {Message} message */
  showFacts(message) {
    const sealed = message.sealed ? message.sealed.dtg : "";
    const key = JSON.stringify([message.serial, message.kind, message.precedence, message.state, message.cites, sealed, message.exercise, message.released_by, message.night_mode, document.documentElement.lang]);
    if (this.facts.getAttribute("data-shown") !== key) {
      set(this.facts, "data-shown", key);
      const fact = (/** @type {string} */ id, filling = {}) => tell(made("span", { class: "fact" }), id, filling);
      const precedence = tell(made("b", { class: "precedence", "data-precedence": message.precedence }), `precedence.${message.precedence}`);
      const facts = [
        precedence,
        made("span", { class: "fact" }, value(nameOf(message))),
        fact(`kind.${message.kind}`),
        fact(`state.${message.half}.${message.state}`),
        ...(message.cites ? [fact("work.cites", { serial: message.cites })] : []),
        ...(sealed ? [fact("work.sealed", { dtg: sealed })] : []),
        ...(message.released_by ? [fact("work.released", { name: message.released_by })] : []),
        ...(message.night_mode ? [fact("work.night", { name: message.night_mode })] : []),
      ];
      untell(this.facts);
      this.facts.replaceChildren(...facts);
    }
    const warned = message.sealed && message.half === "taking" ? [] : message.warnings;
    const remarks = message.remarks ?? [];
    show(this.warnings, warned.length + remarks.length > 0);
    const warnings = JSON.stringify([warned, remarks]) + document.documentElement.lang;
    if (this.warnings.getAttribute("data-shown") === warnings) return;
    set(this.warnings, "data-shown", warnings);
    const spans = warned.map((one) => tell(made("span", { class: "warning" }), `warning.${one.code}`, { detail: one.detail }));
    this.warnings.replaceChildren(...spans, ...remarked(message));
  }

  /** What grows by itself, such as the audio of an answer, makes acts possible. */
  look() {
    const message = inHand();
    if (message && GROWING.includes(message.state)) this.show();
    else this.tick();
  }

  tick() {
    const message = inHand();
    const next = message?.deadlines[0];
    show(this.deadline, next !== undefined);
    if (!next) return;
    const left = moment(next.at_utc) - now();
    tell(this.deadline, left < 0 || next.passed ? "deadline.passed" : "deadline.left", { hop: tell(made("span", {}), `hop.${next.hop}`), left: span(left) });
    set(this.deadline, "data-late", String(left < 0 || next.passed > 0));
  }
}

/** What is corrected aloud: every difference, what is sure before what is doubtful. @param {Message} message */
function wrongOf(message) {
  const found = [...(partOf(message)[1]?.findings ?? [])].sort((one, other) => Number(other.certain) - Number(one.certain));
  const named = found.map((one) => one.sealed || one.heard).filter(Boolean);
  return [...new Set(named)].join("; ").slice(0, NAMED) || "said again";
}

/** @param {string} subject */
function madeTab(subject) {
  const tab = made("button", { type: "button", class: "tab" });
  tab.addEventListener("click", () => takeInHand(subject));
  return tab;
}

let is_setting = false;

/** `setActions` tells everybody of the change, this pane too: once is enough. @param {Action[]} offered @param {string} about */
function setActionsOnce(offered, about) {
  if (is_setting) return;
  is_setting = true;
  setActions(offered, about);
  is_setting = false;
}

/** @param {HTMLElement} parent */
export function start(parent) {
  const pane = new Pane();
  pane.start(parent);
  return pane;
}
