// The sealed text, large, as it is said: each word lights up, each difference is marked around whole words by a sign, a
// word and a shape; colour comes last. A mark inside a word would tear Arabic letters apart.
// @ts-check

import { keepWords, valued } from "../base/bidi.js";
import { direction, keep, made, say, set, show } from "../base/dom.js";
import { has, name, tell } from "../base/locale.js";

/** @typedef {import("../base/types.js").Message} Message */
/** @typedef {import("../base/types.js").Part} Part */
/** @typedef {import("../base/types.js").Finding} Finding */

const SIGNS = { omission: "−", addition: "+" };
const MATCH_SIGNS = { verbatim: "=", equivalent: "≈", check: "?", altered: "≠" };

/** The part that is being said or was said last. @param {Message} message @returns {[string, Part | null]} */
export function partOf(message) {
  const is_back = ["reading-back", "receipted", "acknowledged"].includes(message.state);
  const name = is_back ? "read-back" : "relay";
  return [name, message.parts?.[name] ?? null];
}

/** @param {Finding} finding */
function signOf(finding) {
  return /** @type {Record<string, string>} */ (SIGNS)[finding.kind] ?? (finding.certain ? "≠" : "?");
}

export class SaidText {
  constructor() {
    this.title = made("h3", {});
    this.match = made("span", { class: "match" });
    this.text = made("p", { class: "large", "data-scrolls": true, tabindex: "0" });
    this.element = made("div", { class: "text-box" }, made("p", { class: "box-head" }, this.title, this.match), this.text);
  }

  /** @param {string} title key of its name @param {string} text @param {string} language @param {Part | null} part */
  show(title, text, language, part) {
    tell(this.title, title);
    set(this.text, "dir", direction(language));
    set(this.text, "lang", language);
    this.text.setAttribute("aria-label", text.slice(0, 80));
    set(this.text, "role", "group");
    const list = text.split(/\s+/).filter(Boolean);
    const until = part?.spoken_until ?? 0;
    this.text.classList.toggle("long", list.length > 60);
    this.text.classList.toggle("longer", list.length > 140);
    const items = list.map((word, index) => ({ word, index, found: findingAt(part, index) }));
    keepWords(this.text, items, (one) => one.word, language, madeWord, (element, one) => {
      showWord(element, one.word, one.index < until, one.found);
    });
    show(this.match, part !== null);
    if (part) this.showMatch(part);
    this.text.querySelector(".next")?.classList.remove("next");
    const next = part && until < list.length ? this.text.querySelector(`.word[data-key="${until}"]`) : null;
    next?.classList.add("next");
    if (next && until > 0) next.scrollIntoView({ block: "nearest" });
  }

  /** @param {Part} part */
  showMatch(part) {
    const sign = /** @type {Record<string, string>} */ (MATCH_SIGNS)[part.match] ?? "?";
    set(this.match, "data-match", part.match);
    set(this.match, "data-sign", sign);
    tell(this.match, part.judged && part.match === "check" ? "match.judged" : `match.${part.match}`);
  }
}

/** @param {Part | null} part @param {number} index @returns {Finding | null} */
function findingAt(part, index) {
  return part?.findings.find((one) => index >= one.sealed_span[0] && index < Math.max(one.sealed_span[1], one.sealed_span[0] + 1)) ?? null;
}

function madeWord() {
  return made("span", { class: "word" }, made("span", {}));
}

/** @param {HTMLElement} element @param {string} word @param {boolean} said @param {Finding | null} found */
function showWord(element, word, said, found) {
  if (element.firstElementChild) say(element.firstElementChild, word);
  element.classList.toggle("lit", said);
  set(element, "data-sign", found ? signOf(found) : false);
  set(element, "data-certain", found ? String(found.certain) : false);
}

/** What differs, one line each: sign, kind, sealed, heard. */
export class Findings {
  constructor() {
    this.list = made("ul", { class: "findings", tabindex: "0", "data-scrolls": true });
    name(this.list, "aria-label", "finding.title");
    this.none = made("p", { class: "none" });
    this.element = made("div", { class: "finding-box" }, this.none, this.list);
  }

  /** @param {Message} message */
  show(message) {
    const [name, part] = partOf(message);
    const found = part?.findings ?? [];
    tell(this.none, part ? "finding.none" : `finding.nothing-yet.${name}`);
    show(this.none, found.length === 0);
    show(this.list, found.length > 0);
    const keyed = found.map((one, index) => ({ one, key: `${index} ${one.kind} ${one.sealed} ${one.heard}` }));
    keep(this.list, keyed, (item) => item.key, (item) => line(item.one, message.language), (element, item) => {
      set(element, "data-certain", String(item.one.certain));
    });
  }
}

/** @param {string} text @param {string} language */
function words(text, language) {
  return made("bdi", { dir: direction(language), lang: language }, ...valued(text || "–", language));
}

/** @param {Finding} finding @param {string} language */
function line(finding, language) {
  const kind = made("span", { class: "finding-kind" });
  tell(kind, has(`finding.${finding.kind}`) ? `finding.${finding.kind}` : "finding.other");
  const sealed = made("span", { class: "sealed-word" }, words(finding.sealed, language));
  const heard = made("span", { class: "heard-word" }, words(finding.heard, language));
  const sign = made("span", { class: "sign", "aria-hidden": "true" }, signOf(finding));
  const arrow = made("span", { class: "arrow", "aria-hidden": "true" }, direction(document.documentElement.lang) === "rtl" ? "←" : "→");
  const sure = made("span", { class: "sure" });
  tell(sure, finding.certain ? "finding.certain" : "finding.doubtful");
  return made("li", { class: "finding" }, sign, kind, sealed, arrow, heard, sure);
}
