// The officer on the line, as he names himself: who he is, on whose authority he acknowledges, what he says of a reply. And
// how a message ends that goes no further.
// @ts-check

import { made, say, set, show } from "../base/dom.js";
import { has, name, tell } from "../base/locale.js";
import { contactName } from "../base/me.js";
import { ranked } from "./details.js";
import { choices, takes } from "./hand.js";
import { follow, isTouched, kept } from "./typed.js";

/** @typedef {import("../base/types.js").Message} Message */

const NOT_STATED = "NOT STATED";

/** @param {string} id @param {string} label @param {string} [empty] what an empty one says */
function typed(id, label, empty = "header.not-stated") {
  const input = made("input", { id, maxlength: "80", autocomplete: "off", spellcheck: "false", dir: "auto" });
  if (empty) name(input, "placeholder", empty);
  kept(input);
  return { input, row: made("p", { class: "field" }, tell(made("label", { for: id }), label), input) };
}

/** @param {string} id @param {string} label */
function picked(id, label) {
  const select = made("select", { id });
  kept(select);
  return { select, row: made("p", { class: "field" }, tell(made("label", { for: id }), label), select) };
}

/** Fill a choice in place; what nobody chose is the first. @param {HTMLSelectElement} select @param {(string | number)[]} worths @param {string} words */
function offer(select, worths, words) {
  const now = [...select.options].map((one) => one.value).join("|");
  if (now === worths.join("|")) return;
  const was = isTouched(select) ? select.value : "";
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
    this.listed = kept(made("input", { id: "officer-listed", type: "checkbox" }));
    const listed = made("p", { class: "field check" }, this.listed, tell(made("label", { for: "officer-listed" }), "officer.listed"));
    this.facts = made("p", { class: "facts" });
    const rows = [this.tier.row, this.contact.row, this.name.row, this.role.row, this.authority.row, this.reply.row, listed];
    this.listedRow = listed;
    this.element = made("div", { class: "fields officer" }, ...rows, this.facts);
  }

  person() {
    return { name: this.name.input.value.trim() || NOT_STATED, role: this.role.input.value.trim() || NOT_STATED };
  }

  /** @param {Message} message */
  show(message) {
    offer(this.tier.select, choices(message, "TierChosen", "tier"), "");
    const contacts = (message.ladder ?? []).map((one) => one.contact);
    offer(this.contact.select, ["", ...contacts], "");
    for (const option of this.contact.select.options) if (option.value) say(option, contactName(option.value));
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

  /** What is typed is about whoever is on the line with this message. @param {Message} message */
  follow(message) {
    const person = message.receipt?.person ?? message.person;
    const about = `${message.subject}.${message.leg ?? ""}`;
    const worth = (/** @type {string | undefined} */ one) => (one && one !== NOT_STATED ? one : "");
    follow(this.name.input, about, worth(person?.name));
    follow(this.role.input, about, worth(person?.role));
    follow(this.authority.input, about, worth(message.acknowledged?.authority));
    follow(this.contact.select, about, message.contact ?? "");
    follow(this.listed, about, "");
    for (const one of [this.reply.select, this.tier.select]) follow(one, about, one.options[0]?.value ?? "");
  }

  /** @param {Message} message */
  showFacts(message) {
    const found = [];
    const attempts = message.attempts ?? [];
    for (const one of attempts.slice(-4)) {
      found.push(made("span", { class: "fact" }, contactName(one.contact), ": ", tell(made("span", {}), `outcome.${one.outcome}`)));
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
    const shown = JSON.stringify([document.documentElement.lang, attempts, message.person, message.parity, message.receipt, message.acknowledged, message.reply]);
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
  }

  fields() {
    return { outcome: this.outcome.select.value, reason: this.reason.input.value.trim() };
  }

  /** @param {Message} message */
  show(message) {
    for (const row of this.rows) show(row, takes(message, "Ended"));
    offer(this.outcome.select, choices(message, "Ended", "outcome"), "end");
    // Why one message ends is no reason for another.
    follow(this.outcome.select, message.subject, this.outcome.select.options[0]?.value ?? "");
    follow(this.reason.input, message.subject, "");
  }
}
