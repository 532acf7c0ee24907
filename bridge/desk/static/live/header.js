// What the originator stated about himself and his message. A field that nobody gave says NOT STATED; each is kept by
// the station when it is left.
// @ts-check

import { direction, made, set } from "../base/dom.js";
import { name, tell } from "../base/locale.js";
import { act, inTurn, isInTurn } from "../base/net.js";
import { inHand, takes } from "./hand.js";

/** @typedef {import("../base/types.js").Message} Message */

const TYPED = ["name", "role", "authority", "addressee", "reply", "coded"];
const RANKS = ["", ...Array.from({ length: 10 }, (_, index) => `OF-${index + 1}`)];
const TIERS = ["", ..."123456789"];
const PRECEDENCES = ["ROUTINE", "PRIORITY", "IMMEDIATE", "FLASH"];
const IDENTITIES = ["UNAUTHENTICATED", "CHALLENGE ANSWERED", "CALLED BACK ON THE CIRCUIT", "CHALLENGED AND CALLED BACK"];

/** @param {string} id @param {string[]} worths @param {string} words prefix of their sentences; empty: as they are */
function choice(id, worths, words) {
  const options = worths.map((worth) => {
    const option = made("option", { value: worth }, worth);
    if (worth === "") option.textContent = "–";
    else if (words) tell(option, `${words}.${worth}`);
    return option;
  });
  return made("select", { id: `header-${id}` }, ...options);
}

export class Header {
  constructor() {
    /** @type {Record<string, HTMLInputElement | HTMLSelectElement>} */
    this.fields = {};
    for (const id of TYPED) {
      this.fields[id] = made("input", { id: `header-${id}`, maxlength: "80", autocomplete: "off", spellcheck: "false" });
      name(this.fields[id], "placeholder", "header.not-stated");
    }
    this.fields["rank"] = choice("rank", RANKS, "");
    this.fields["tier"] = choice("tier", TIERS, "");
    this.fields["precedence"] = choice("precedence", PRECEDENCES, "precedence");
    this.fields["identity"] = choice("identity", IDENTITIES, "identity");
    this.element = made("div", { class: "fields" });
    for (const [id, field] of Object.entries(this.fields)) {
      this.element.append(made("p", { class: "field" }, tell(made("label", { for: `header-${id}` }), `header.${id}`), field));
      field.addEventListener("change", () => this.send(id));
      if (field instanceof HTMLInputElement) field.addEventListener("keydown", (event) => this.key(/** @type {KeyboardEvent} */ (event), id));
    }
    this.subject = "";
  }

  /** @param {KeyboardEvent} event @param {string} id */
  key(event, id) {
    if (event.code !== "Enter" || event.isComposing) return;
    event.preventDefault();
    this.send(id);
  }

  /** @param {string} id */
  send(id) {
    const message = inHand();
    const worth = this.fields[id]?.value.trim() ?? "";
    if (!message) return;
    const subject = message.subject;
    const turn = `${subject} ${id}`;
    if (!isInTurn(turn) && worth === this.worthOf(message, id)) return;
    void inTurn(turn, () => {
      if (id === "precedence") return act("PrecedenceStated", subject, { precedence: worth });
      if (id === "identity") return act("IdentityChecked", subject, { identity: worth });
      return act("HeaderStated", subject, { field: id, value: worth || (id === "coded" ? "NONE" : "NOT STATED") });
    });
  }

  /** @param {Message} message @param {string} id */
  worthOf(message, id) {
    if (id === "precedence") return message.precedence;
    if (id === "identity") return message.identity ?? "UNAUTHENTICATED";
    const worth = message.header?.[id] ?? "";
    return worth === "NOT STATED" || worth === "NONE" ? "" : worth;
  }

  /** @param {Message} message */
  show(message) {
    const is_other = message.subject !== this.subject;
    this.subject = message.subject;
    for (const [id, field] of Object.entries(this.fields)) {
      const worth = this.worthOf(message, id);
      const asked = id === "precedence" ? "PrecedenceStated" : id === "identity" ? "IdentityChecked" : "HeaderStated";
      field.disabled = !takes(message, asked);
      // What is being typed is the operator's; the rest is the station's.
      const is_ours = document.activeElement === field || isInTurn(`${message.subject} ${id}`);
      if (field.value !== worth && (is_other || !is_ours)) field.value = worth;
      if (TYPED.includes(id)) set(field, "dir", worth ? "auto" : direction(message.language));
    }
  }
}
