// The officer on the line, as he names himself: who he is, on whose authority he acknowledges, what he says of a reply. And
// how a message ends that goes no further.
// @ts-check

import { made, set, show, value } from "../base/dom.js";
import { has, name, tell } from "../base/locale.js";
import { ranked } from "./details.js";
import { choices, takes } from "./hand.js";

/** @typedef {import("../base/types.js").Message} Message */

const NOT_STATED = "NOT STATED";

/** @param {string} id @param {string} label @param {string} [empty] what an empty one says */
function typed(id, label, empty = "header.not-stated") {
  const input = made("input", { id, maxlength: "80", autocomplete: "off", spellcheck: "false", dir: "auto" });
  if (empty) name(input, "placeholder", empty);
  noted(input);
  return { input, row: made("p", { class: "field" }, tell(made("label", { for: id }), label), input) };
}

/** @param {string} id @param {string} label */
function picked(id, label) {
  const select = made("select", { id });
  noted(select);
  return { select, row: made("p", { class: "field" }, tell(made("label", { for: id }), label), select) };
}

/** Fields that somebody has changed here since they were begun. @type {WeakSet<HTMLElement>} */
const touched = new WeakSet();

/** What is typed is the operator's; the rest is the station's, so that a reload shows the same. @param {HTMLInputElement | HTMLSelectElement} field @param {string} worth */
function follow(field, worth) {
  if (!touched.has(field) && field.value !== worth) field.value = worth;
}

/** @param {HTMLElement} field */
function noted(field) {
  field.addEventListener("input", () => touched.add(field));
}

/** Fill a choice in place; what nobody chose is the first. @param {HTMLSelectElement} select @param {(string | number)[]} worths @param {string} words */
function offer(select, worths, words) {
  const now = [...select.options].map((one) => one.value).join("|");
  if (now === worths.join("|")) return;
  const was = touched.has(select) ? select.value : "";
  select.replaceChildren(
    ...worths.map((worth) => {
      const option = made("option", { value: String(worth) }, String(worth));
      return words && has(`${words}.${worth}`) ? tell(option, `${words}.${worth}`) : option;
    }),
  );
  if (worths.map(String).includes(was)) select.value = was;
}

export class Officer {
  constructor() {
    this.name = typed("officer-name", "officer.name");
    this.role = typed("officer-role", "officer.role");
    this.authority = typed("officer-authority", "officer.authority");
    this.contact = picked("officer-contact", "officer.contact");
    this.reply = picked("officer-reply", "officer.reply");
    this.tier = picked("officer-tier", "officer.tier");
    this.listed = made("input", { id: "officer-listed", type: "checkbox" });
    const listed = made("p", { class: "field check" }, this.listed, tell(made("label", { for: "officer-listed" }), "officer.listed"));
    this.facts = made("p", { class: "facts" });
    const rows = [this.tier.row, this.contact.row, this.name.row, this.role.row, this.authority.row, this.reply.row, listed];
    this.listedRow = listed;
    this.element = made("div", { class: "fields officer" }, ...rows, this.facts);
    this.subject = "";
    this.leg = "";
  }

  person() {
    return { name: this.name.input.value.trim() || NOT_STATED, role: this.role.input.value.trim() || NOT_STATED };
  }

  /** @param {Message} message */
  show(message) {
    if (message.subject !== this.subject || (message.leg ?? "") !== this.leg) this.begin(message);
    offer(this.tier.select, choices(message, "TierChosen", "tier"), "");
    const contacts = (message.ladder ?? []).map((one) => one.contact);
    offer(this.contact.select, ["", ...contacts], "");
    offer(this.reply.select, choices(message, "ReplyStated", "reply"), "reply");
    this.follow(message);
    const is_called = ["ready", "calling"].includes(message.state);
    show(this.tier.row, is_called);
    for (const row of [this.name.row, this.role.row, this.contact.row]) show(row, !is_called);
    show(this.authority.row, takes(message, "Acknowledged"));
    show(this.listedRow, takes(message, "Acknowledged"));
    show(this.reply.row, takes(message, "ReplyStated"));
    this.showFacts(message);
  }

  /** Somebody else is on the line, or another message in hand. @param {Message} message */
  begin(message) {
    this.subject = message.subject;
    this.leg = message.leg ?? "";
    for (const one of [this.name.input, this.role.input, this.authority.input, this.contact.select]) touched.delete(one);
    this.listed.checked = false;
  }

  /** @param {Message} message */
  follow(message) {
    const person = message.receipt?.person ?? message.person;
    const worth = (/** @type {string | undefined} */ one) => (one && one !== NOT_STATED ? one : "");
    follow(this.name.input, worth(person?.name));
    follow(this.role.input, worth(person?.role));
    follow(this.authority.input, worth(message.acknowledged?.authority));
    follow(this.contact.select, message.contact ?? "");
  }

  /** @param {Message} message */
  showFacts(message) {
    const found = [];
    const attempts = message.attempts ?? [];
    for (const one of attempts.slice(-4)) {
      found.push(made("span", { class: "fact" }, value(one.contact), " ", tell(made("span", {}), `outcome.${one.outcome}`)));
    }
    if (message.person) found.push(tell(made("span", { class: "fact" }), "officer.named", { name: message.person.name, role: message.person.role }));
    if (message.parity) {
      const parity = made("span", { class: "fact", "data-parity": message.parity.judgement });
      found.push(tell(parity, `parity.${message.parity.judgement}`, { reason: ranked(message.parity.reason) }));
    }
    if (message.receipt) found.push(tell(made("span", { class: "fact" }), "officer.receipted", { name: message.receipt.person.name }));
    if (message.acknowledged)
      found.push(tell(made("span", { class: "fact" }), "officer.acknowledged", { name: message.acknowledged.person.name, authority: message.acknowledged.authority ?? "" }));
    if (message.reply && message.reply.state !== NOT_STATED) found.push(tell(made("span", { class: "fact" }), `reply.${message.reply.state}`));
    const shown = JSON.stringify([attempts, message.person, message.parity, message.receipt, message.acknowledged, message.reply]);
    if (this.facts.getAttribute("data-shown") === shown) return;
    set(this.facts, "data-shown", shown);
    this.facts.replaceChildren(...found);
  }
}

/** How a message ends that goes no further: an outcome, with a reason. Two fields beside the others. */
export class Ending {
  constructor() {
    this.outcome = picked("end-outcome", "end.outcome");
    this.reason = typed("end-reason", "end.reason", "");
    this.rows = [this.outcome.row, this.reason.row];
    this.subject = "";
  }

  fields() {
    return { outcome: this.outcome.select.value, reason: this.reason.input.value.trim() };
  }

  /** @param {Message} message */
  show(message) {
    if (message.subject !== this.subject) {
      // Why one message ends is no reason for another.
      this.subject = message.subject;
      touched.delete(this.outcome.select);
      touched.delete(this.reason.input);
      this.reason.input.value = "";
    }
    for (const row of this.rows) show(row, takes(message, "Ended"));
    offer(this.outcome.select, choices(message, "Ended", "outcome"), "end");
  }
}
