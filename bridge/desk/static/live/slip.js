// The slip: the text that a person carries. Shown and printed where it leaves, typed, pasted or scanned where it arrives,
// with each difference at its character. It is never put right by the program.
// @ts-check

import { valued } from "../base/bidi.js";
import { direction, keep, made, say, set, show, value, words } from "../base/dom.js";
import { name, pieces, tell, untell } from "../base/locale.js";
import { act, asked } from "../base/net.js";
import { cleared, follow, kept } from "./typed.js";

/** @typedef {import("../base/types.js").Message} Message */
/** @typedef {{what: string, line: number, column: number, found: string, expected: string}} Difference */

const CHECK_MS = 400;
const SYMBOLS = 9;

/** @param {string} subject @param {string} rest */
function address(subject, rest) {
  return `/api/slip/${subject.split("/").map(encodeURIComponent).join("/")}${rest}`;
}

/** A slip with the values of its lines whole. @param {string} text @param {string} language */
function lines(text, language) {
  return text.split("\n").flatMap((line, index) => {
    const [, number, said, word] = /^(\d\d )(.*)( \| \S+)$/.exec(line) ?? [];
    const shown =
      said === undefined
        ? [made("bdi", { dir: "ltr" }, ...valued(line, language))]
        : [made("bdi", { dir: "ltr" }, number), made("bdi", { dir: direction(language), lang: language }, ...valued(said, language)), made("bdi", { dir: "ltr" }, word)];
    return index ? ["\n", ...shown] : shown;
  });
}

/** A slip that leaves. */
export class SlipShown {
  constructor() {
    this.title = made("h3", {});
    this.print = made("a", { class: "button small", target: "_blank", rel: "noopener" });
    tell(this.print, "slip.print");
    this.words = made("div", { class: "check-words" });
    this.text = made("pre", { class: "slip-text", dir: "ltr", tabindex: "0", "data-scrolls": true });
    name(this.text, "aria-label", "slip.title");
    this.symbols = made("div", { class: "symbols" });
    this.element = made("div", { class: "slip-box" }, made("p", { class: "box-head" }, this.title, this.print), this.words, this.text);
    this.shown = "";
    /** @type {Map<string, HTMLImageElement[]>} By subject and text: a station is asked once for what does not change. */
    this.known = new Map();
  }

  /** @param {Message} message */
  show(message) {
    const sealed = message.sealed;
    if (!sealed) return;
    // At the originator's station what came back is what he is told; until then the slip itself is what is asked for.
    const back = message.half === "giving" || message.state !== "carried" ? message.return_slip : null;
    tell(this.title, !back ? "slip.title" : message.half === "giving" ? "slip.return" : "slip.came-back");
    const text = back?.slip ?? sealed.slip;
    if (this.text.textContent !== text) this.text.replaceChildren(...lines(text, message.language));
    set(this.print, "href", address(message.subject, "/page"));
    if (text === this.shown) return;
    this.shown = text;
    const lists = Object.entries(sealed.check_words);
    const own = lists.filter(([language]) => language === message.language);
    this.words.replaceChildren(...(own.length ? own : lists).map(([language, list]) => words(list.join(" "), language)));
    show(this.words, !back);
    this.showSymbols(message.subject, `${message.subject} ${text}`);
  }

  /** As many symbols as the slip has; the first that is not there ends them. @param {string} subject @param {string} slip */
  showSymbols(subject, slip) {
    const known = this.known.get(slip);
    this.symbols.replaceChildren(...(known ?? []));
    if (known) return;
    /** @type {HTMLImageElement[]} */
    const images = [];
    this.known.set(slip, images);
    /** @param {number} index */
    const next = (index) => {
      if (index > SYMBOLS) return;
      const image = made("img", { alt: `QR ${index}`, width: "150", height: "150" });
      image.addEventListener("error", () => {
        image.remove();
        images.splice(images.indexOf(image), 1);
        // None at all: the station did not answer, and is asked when the slip is shown again.
        if (index === 1) this.known.delete(slip);
      });
      image.addEventListener("load", () => next(index + 1));
      image.src = address(subject, `/symbols/${index}`);
      images.push(image);
      if (this.shown && `${subject} ${this.shown}` === slip) this.symbols.append(image);
    };
    next(1);
  }
}

/** A slip that arrives. */
export class SlipTaken {
  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    this.timer = 0;
    this.asked = 0;
    this.agrees = false;
    this.title = made("label", { for: "slip-typed" });
    tell(this.title, "slip.take");
    this.area = kept(made("textarea", { id: "slip-typed", dir: "auto", spellcheck: "false", autocomplete: "off", "data-scrolls": true }));
    this.file = made("input", { id: "slip-scan", class: "unseen", type: "file", accept: "image/*" });
    const scan = made("label", { for: "slip-scan", class: "scan" });
    tell(scan, "slip.scan");
    this.verdict = made("p", { class: "verdict", role: "status" });
    this.words = made("p", { class: "check-words" });
    this.list = made("ul", { class: "differences" });
    const head = made("p", { class: "box-head" }, this.title, this.file, scan);
    this.element = made("div", { class: "take-box" }, head, this.area, this.verdict, this.words, this.list);
    this.area.addEventListener("input", () => this.typed());
    this.file.addEventListener("change", () => void this.scanned());
  }

  focus() {
    this.area.focus();
  }

  /** What was typed before a page or a desk died stands here again. @param {string} about */
  show(about) {
    if (follow(this.area, about, "")) this.soon();
  }

  typed() {
    this.soon();
    this.changed();
  }

  soon() {
    this.agrees = false;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.check(), CHECK_MS);
  }

  async check() {
    const text = this.area.value;
    this.asked += 1;
    const mine = this.asked;
    if (!text.trim()) return this.tellCheck(null);
    const found = await asked("/api/slip/check", JSON.stringify({ text }), "application/json");
    if (mine === this.asked) this.tellCheck(found ?? { status: 0 });
  }

  /** @param {any} found */
  tellCheck(found) {
    /** @type {Difference[]} */
    const differences = Array.isArray(found?.differences) ? found.differences : [];
    this.agrees = found?.agrees === true;
    if (!found) {
      untell(this.verdict);
      this.verdict.replaceChildren();
    } else tell(this.verdict, this.agrees ? "slip.agrees" : found.status === 0 ? "slip.unchecked" : "slip.differs", { count: differences.length });
    set(this.verdict, "data-agrees", found ? String(this.agrees) : false);
    const list = Array.isArray(found?.check_words) ? found.check_words : [];
    say(this.words, list.join(" "));
    this.showDifferences(differences);
    this.changed();
  }

  /** @param {Difference[]} differences */
  showDifferences(differences) {
    const keyed = differences.slice(0, 6).map((one, index) => ({ one, key: `${index} ${one.line} ${one.column} ${one.what}` }));
    keep(this.list, keyed, (item) => item.key, (item) => this.madeDifference(item.one), () => {});
  }

  /** @param {Difference} one */
  madeDifference(one) {
    const places = one.line ? pieces(one.column ? "slip.at" : "slip.line", { line: one.line, column: one.column }) : pieces("slip.somewhere");
    const go = made("button", { type: "button", class: "small" }, ...places);
    go.addEventListener("click", () => this.goTo(one.line, one.column));
    const instead = one.found || one.expected ? [value(`${one.found || "–"} → ${one.expected || "–"}`)] : [];
    return made("li", {}, go, " ", ...instead, " ", words(one.what, "en"));
  }

  /** Put the caret where it differs. @param {number} line @param {number} column */
  goTo(line, column) {
    const lines = this.area.value.split("\n");
    const at = lines.slice(0, Math.max(0, line - 1)).reduce((sum, one) => sum + one.length + 1, 0) + Math.max(0, column - 1);
    this.area.focus();
    this.area.setSelectionRange(at, Math.min(this.area.value.length, at + 1));
  }

  async scanned() {
    const picture = this.file.files?.[0];
    if (!picture) return;
    const found = await asked("/api/slip/scan", picture, picture.type || "application/octet-stream");
    this.file.value = "";
    if (typeof found?.text !== "string" || !found.text) {
      tell(this.verdict, "slip.unread");
      set(this.verdict, "data-agrees", "false");
      return;
    }
    // A slip in several symbols comes one at a time.
    this.area.value = this.area.value.trim() ? `${this.area.value.trimEnd()}\n${found.text}` : found.text;
    this.area.dispatchEvent(new Event("input"));
  }

  async send() {
    const answer = await act("SlipTyped", "", { text: this.area.value });
    if (answer.result === "done") this.clear();
    else this.tellCheck({ status: answer.status, differences: answer.differences.length ? answer.differences : [{ what: answer.detail, line: 0, column: 0, found: "", expected: "" }] });
    return answer;
  }

  clear() {
    cleared(this.area);
    this.tellCheck(null);
  }
}
