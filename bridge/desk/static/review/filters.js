// What a list is narrowed by: a few fields for calls, for messages, for words. Times are typed as UTC.
// @ts-check

import { made, set } from "../base/dom.js";
import { name, tell } from "../base/locale.js";
import { utcOf } from "./ask.js";

const PRECEDENCES = ["FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE"];
const CALL_OUTCOMES = ["answered", "no-answer", "busy", "refused", "hung-up", "technical", "cancelled", "pre-empted", "cannot-say", "open"];
const ENDS = ["OPEN", "ACKNOWLEDGED", "RECEIPT ONLY", "RECEIVE ONLY", "REFUSED", "NOT AUTHORISED TO ANSWER", "NO ANSWER", "OVERTAKEN", "EXPIRED", "WITHDRAWN", "HUNG UP", "CANNOT SAY"];
const TAKING = ["hearing", "drafting", "reading", "awaiting", "confirmed", "sealed", "carried", "returned", "closed"];
const GIVING = ["ready", "calling", "answered", "relaying", "said", "reading-back", "receipted", "acknowledged"];
const LANGUAGES = ["en", "ar", "fa"];

/** @typedef {{id: string, choices?: string[], say?: (worth: string) => string, is_time?: boolean}} Field */

/** @param {string} worth */
function state(worth) {
  return `state.${GIVING.includes(worth) ? "giving" : "taking"}.${worth}`;
}

/** @type {Field[]} */
const TIMES = [{ id: "from", is_time: true }, { id: "to", is_time: true }];
/** @type {Field} */
const LANGUAGE = { id: "language", choices: LANGUAGES, say: (worth) => `review.language.${worth}` };
/** @type {Field} */
const PRECEDENCE = { id: "precedence", choices: PRECEDENCES, say: (worth) => `precedence.${worth}` };
/** @type {Record<string, Field[]>} */
const FIELDS = {
  calls: [
    { id: "role", choices: ["side", "operator", "monitor", "interpreter"], say: (worth) => `role.${worth}` },
    { id: "direction", choices: ["in", "out"], say: (worth) => `review.direction.${worth}` },
    PRECEDENCE,
    { id: "outcome", choices: CALL_OUTCOMES, say: (worth) => (worth === "open" ? "review.open" : `outcome.${worth}`) },
    { id: "contact" },
    { id: "exercise", choices: ["true", "false"], say: (worth) => `review.exercise.${worth}` },
    ...TIMES,
  ],
  messages: [
    { id: "half", choices: ["taking", "giving"], say: (worth) => `review.half.${worth}` },
    { id: "state", choices: [...TAKING, ...GIVING], say: state },
    PRECEDENCE,
    { id: "outcome", choices: ENDS, say: (worth) => `end.${worth}` },
    { id: "serial" },
    LANGUAGE,
    ...TIMES,
  ],
  search: [{ id: "kind", choices: ["transcript", "checked", "sealed", "note"], say: (worth) => `doc.${worth}` }, LANGUAGE, ...TIMES],
};

export class Filters {
  /** @param {string} mode @param {() => void} changed */
  constructor(mode, changed) {
    /** @type {Map<string, HTMLInputElement | HTMLSelectElement>} */
    this.fields = new Map();
    this.element = made("div", { class: "review-filters" });
    for (const field of FIELDS[mode] ?? []) {
      const input = control(field, `review-${mode}-${field.id}`);
      input.addEventListener("change", changed);
      this.fields.set(field.id, input);
      const label = tell(made("label", { for: input.id }), `review.by.${field.id}`);
      this.element.append(made("p", { class: "field" }, label, input));
    }
  }

  /** @returns {Record<string, string>} */
  query() {
    const entries = [...this.fields].map(([id, field]) => [id, id === "from" || id === "to" ? utcOf(field.value) : field.value.trim()]);
    return Object.fromEntries(entries);
  }
}

/** @param {Field} field @param {string} id */
function control(field, id) {
  if (field.choices) {
    const any = tell(made("option", { value: "" }), "review.any");
    const { say } = field;
    return made("select", { id }, any, ...field.choices.map((worth) => tell(made("option", { value: worth }), say?.(worth) ?? worth)));
  }
  const input = made("input", { id, type: "text", autocomplete: "off", maxlength: "80", dir: field.is_time || field.id === "serial" ? "ltr" : "auto" });
  if (field.is_time) {
    set(input, "placeholder", "2026-11-23 10:05");
    name(input, "title", "review.utc");
  }
  return input;
}
