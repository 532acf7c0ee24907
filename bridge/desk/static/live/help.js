// All keys, in the page's language. Closed by F1 or Esc; it covers the work, never the alarms.
// @ts-check

import { made, show } from "../base/dom.js";
import { name, tell } from "../base/locale.js";

const KEYS = [
  ["Esc", "esc"], ["F9", "f9"], ["Enter", "enter"], ["F8", "f8"], ["Shift+F8", "shift-f8"], ["F4", "f4"], ["Shift+F4", "shift-f4"],
  ["F2", "f2"], ["Shift+F9", "shift-f9"], ["Ctrl+.", "again"], ["Ctrl+,", "slower"], ["Ctrl+M", "marker"], ["Ctrl+/", "language"],
  ["End", "end"], ["← →", "arrows"], ["Tab", "tab"], ["Ctrl+Enter", "lift"], ["F1", "f1"],
];

export class Help {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    const rows = KEYS.flatMap(([keys, id]) => [made("dt", {}, made("kbd", { dir: "ltr" }, keys)), tell(made("dd", {}), `key.${id}`)]);
    const title = tell(made("h2", { id: "help-title" }), "help.title");
    const note = tell(made("p", {}), "help.note");
    this.element = made("section", { class: "help", "aria-labelledby": "help-title", tabindex: "-1", hidden: true }, title, made("dl", {}, ...rows), note);
    name(this.element, "title", "help.title");
    parent.append(this.element);
    /** @type {Element | null} */
    this.before = null;
  }

  get isOpen() {
    return !this.element.hidden;
  }

  toggle() {
    if (this.isOpen) return this.close();
    this.before = document.activeElement;
    show(this.element, true);
    this.element.focus();
  }

  close() {
    if (!this.isOpen) return;
    show(this.element, false);
    if (this.before instanceof HTMLElement) this.before.focus();
  }
}
