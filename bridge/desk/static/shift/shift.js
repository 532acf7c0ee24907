// The shift: who has it, the test before it, the hand-over from one person to the next with every open message read, one
// person alone at night, notes.
// @ts-check

import { keep, made, set, show, value } from "../base/dom.js";
import { moment, span, utcMoment } from "../base/fmt.js";
import { onLanguage, tell } from "../base/locale.js";
import { me } from "../base/me.js";
import { canPasskeys } from "../door/form.js";
import { duty } from "../base/net.js";
import { now, section, watch } from "../base/store.js";
import { ActionButton, onAction } from "../live/action.js";
import { messages } from "../live/hand.js";

const TESTS = ["heard", "spoken", "line-out", "line-in", "clock", "disk", "models", "alarm-sound"];
const RESULTS = ["not-tried", "good", "bad"];
/** @typedef {import("../live/action.js").Action} Action */

/** @param {string} id @param {boolean} twice @param {() => any} run @param {string} [blocker] @returns {Action} */
function action(id, twice, run, blocker = "") {
  return { id, twice, blocked: blocker ? [{ blocker, detail: "" }] : [], run };
}

class Tests {
  /** @param {() => void} changed @param {() => void} sound */
  constructor(changed, sound) {
    /** @type {Map<string, HTMLSelectElement>} */
    this.fields = new Map();
    this.list = made("div", { class: "fields" });
    for (const test of TESTS) {
      const options = RESULTS.map((worth) => tell(made("option", { value: worth }), `test-result.${worth}`));
      const select = made("select", { id: `test-${test}` }, ...options);
      select.addEventListener("change", changed);
      this.fields.set(test, select);
      this.list.append(made("p", { class: "field" }, tell(made("label", { for: `test-${test}` }), `test.${test}`), select));
    }
    this.tone = made("button", { type: "button", class: "small" });
    tell(this.tone, "shift.tone");
    this.tone.addEventListener("click", sound);
    this.done = new ActionButton("action", true);
    const title = tell(made("h3", {}), "shift.test");
    this.element = made("section", { class: "card" }, title, tell(made("p", {}), "shift.test-how"), this.list, made("p", { class: "actions" }, this.tone, this.done.button, this.done.why));
  }

  results() {
    return Object.fromEntries([...this.fields].map(([test, select]) => [test, select.value]));
  }
}

export class ShiftScreen {
  /** @param {HTMLElement} parent @param {() => void} sound */
  constructor(parent, sound) {
    const changed = () => this.show();
    this.who = made("p", {});
    this.begin = new ActionButton("action", true);
    this.end = new ActionButton("action", true);
    this.reason = made("input", { id: "shift-reason", maxlength: "200", dir: "auto", autocomplete: "off" });
    this.tests = new Tests(changed, sound);
    this.note = made("textarea", { id: "handover-note", dir: "auto", maxlength: "2000" });
    this.give = new ActionButton("action", true);
    this.take = new ActionButton("action", true);
    this.left = made("p", { class: "left-note" });
    this.open = made("ul", { class: "handover", "data-scrolls": true, tabindex: "0" });
    this.night = new ActionButton("action", true);
    this.nightReason = made("input", { id: "night-reason", maxlength: "200", dir: "auto", autocomplete: "off" });
    this.entry = made("textarea", { id: "duty-note", dir: "auto", maxlength: "2000" });
    this.write = new ActionButton("action", true);
    for (const field of [this.reason, this.note, this.nightReason, this.entry]) field.addEventListener("input", changed);
    parent.append(...this.cards());
    for (const prefix of ["duty", "message/"]) watch(prefix, changed);
    onAction(changed);
    onLanguage(changed);
    setInterval(() => this.tellSince(), 1000);
    this.show();
  }

  cards() {
    const field = (/** @type {string} */ id, /** @type {string} */ label, /** @type {HTMLElement} */ input) =>
      made("p", { class: "field" }, tell(made("label", { for: id }), label), input);
    const card = (/** @type {string} */ title, /** @type {HTMLElement[]} */ ...inside) => made("section", { class: "card" }, tell(made("h3", {}), title), ...inside);
    const passkeys = tell(made("button", { type: "button", class: "small" }), "shift.passkeys");
    passkeys.addEventListener("click", () => void import("./passkeys.js").then((one) => one.open()));
    const row = (/** @type {ActionButton[]} */ ...buttons) => made("p", { class: "actions" }, ...buttons.flatMap((one) => [one.button, one.why]));
    return [
      made("h2", { class: "unseen" }, tell(made("span", {}), "shift.title")),
      card("shift.shift", this.who, field("shift-reason", "shift.reason", this.reason), row(this.begin, this.end), ...(canPasskeys() ? [made("p", {}, passkeys)] : [])),
      this.tests.element,
      card("shift.handover", this.left, this.open, field("handover-note", "shift.note", this.note), row(this.give, this.take)),
      card("shift.night", tell(made("p", {}), "shift.night-how"), field("night-reason", "end.reason", this.nightReason), row(this.night)),
      card("shift.notes", field("duty-note", "shift.entry", this.entry), row(this.write)),
    ];
  }

  /** @param {HTMLInputElement | HTMLTextAreaElement} field @param {string} entry @param {string} name */
  send(field, entry, name) {
    return async () => {
      const answer = await duty(entry, { [name]: field.value.trim() });
      if (answer.result === "done") field.value = "";
      return answer;
    };
  }

  ticked() {
    const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (this.open.querySelectorAll("input"));
    return [...boxes].filter((one) => one.checked).map((one) => one.value);
  }

  show() {
    const state = section("duty") ?? {};
    const shift = state.shift ?? null;
    const over = state.handover ?? null;
    const is_mine = shift?.person === me().person;
    this.begin.show(shift || over ? null : action("ShiftBegun", false, () => duty("ShiftBegun")));
    this.end.show(is_mine ? action("ShiftEnded", true, this.send(this.reason, "ShiftEnded", "reason")) : null);
    this.tests.done.show(action("SelfTested", false, () => duty("SelfTested", { results: this.tests.results() }), is_mine ? "" : "not-your-shift"));
    this.give.show(is_mine ? action("HandoverGiven", true, this.send(this.note, "HandoverGiven", "note")) : null);
    this.showOpen(over);
    const unread = messages().some((one) => !this.ticked().includes(one.subject));
    this.take.show(over && over.person !== me().person ? action("HandoverTaken", true, () => duty("HandoverTaken", { read: this.ticked() }), unread ? "not-read" : "") : null);
    this.night.show(
      state.night
        ? action("NightEnded", false, () => duty("NightEnded"))
        : action("NightBegun", true, this.send(this.nightReason, "NightBegun", "reason"), this.nightReason.value.trim() ? "" : "no-reason"),
    );
    this.write.show(action("NoteMade", false, this.send(this.entry, "NoteMade", "text"), this.entry.value.trim() ? "" : "no-text"));
    this.tellSince();
  }

  tellSince() {
    const state = section("duty") ?? {};
    if (state.shift) tell(this.who, "shift.since", { name: state.shift.person, since: utcMoment(moment(state.shift.since)), long: span(now() - moment(state.shift.since)) });
    else tell(this.who, "shift.nobody");
  }

  /** Every open message, to be read aloud and ticked by the one who takes over. @param {any} over */
  showOpen(over) {
    show(this.left, over !== null);
    if (over) tell(this.left, "shift.left", { name: over.person, at: utcMoment(moment(over.utc)), note: made("bdi", { dir: "auto" }, over.note || "–") });
    const late = new Set(over?.overdue ?? []);
    keep(this.open, messages(), (one) => one.subject, (one) => this.madeOpen(one.subject), (item, one) => {
      const [, place, state, overdue] = /** @type {HTMLElement[]} */ ([...item.children]);
      if (!place || !state || !overdue) return;
      tell(place, "shift.message", { serial: one.serial ?? one.subject, precedence: tell(made("span", {}), `precedence.${one.precedence}`) });
      tell(state, `state.${one.half}.${one.state}`);
      const is_late = late.has(one.subject) || one.deadlines.some((deadline) => deadline.passed > 0);
      show(overdue, is_late);
      set(item, "data-late", String(is_late));
    });
    show(this.open, this.open.children.length > 0);
  }

  /** @param {string} subject */
  madeOpen(subject) {
    const box = made("input", { type: "checkbox", value: subject, id: `read-${subject}` });
    box.addEventListener("change", () => this.show());
    const overdue = tell(made("strong", { class: "overdue" }), "shift.overdue");
    return made("li", {}, box, made("label", { for: `read-${subject}` }), made("span", {}), overdue, value(""));
  }
}
