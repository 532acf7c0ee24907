// The record after an incident: calls, messages and words on one side, one of them whole on the other. It asks the record
// when it is opened and when something is chosen; it changes nothing but that what is played is entered.
// @ts-check

import { made, set, show, value } from "../base/dom.js";
import { has, name, tell } from "../base/locale.js";
import { ask, part, path } from "./ask.js";
import { CallView } from "./call.js";
import { Filters } from "./filters.js";
import { List } from "./list.js";
import { MessageView } from "./message.js";

/** @typedef {import("./forms.js").Hit} Hit */

const MODES = ["calls", "messages", "search"];
const ROWS = /** @type {Record<string, string>} */ ({ calls: "calls", messages: "messages", search: "hits" });
const TYPED_MS = 350;

export class ReviewScreen {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.mode = "calls";
    this.next = /** @type {string | null} */ (null);
    /** @type {any[]} */
    this.found = [];
    this.asking = 0;
    this.opening = 0;
    this.is_open = false;
    this.list = new List((row) => void this.choose(row), () => void this.load(true));
    this.query = made("input", { id: "review-query", type: "search", dir: "auto", autocomplete: "off", maxlength: "200" });
    this.queryField = made("p", { class: "field" }, tell(made("label", { for: "review-query" }), "review.search"), this.query);
    let waiting = 0;
    this.query.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => void this.load(), TYPED_MS);
    });
    this.filters = new Map(MODES.map((mode) => [mode, new Filters(mode, () => void this.load())]));
    this.buttons = MODES.map((mode) => {
      const button = tell(made("button", { type: "button" }), `review.${mode}`);
      button.addEventListener("click", () => void this.turn(mode));
      return button;
    });
    this.call = new CallView((subject) => void this.openMessage(subject));
    this.message = new MessageView((call, place) => void this.openCall(call, place));
    this.none = tell(made("p", { class: "none", role: "status" }), "review.choose");
    parent.append(this.side(), this.whole());
  }

  side() {
    const modes = made("div", { class: "review-modes", role: "group" }, ...this.buttons);
    name(modes, "aria-label", "review.title");
    const filters = [...this.filters.values()].map((one) => one.element);
    const side = made("section", { class: "card review-side" }, modes, this.queryField, ...filters, this.list.element);
    name(side, "aria-label", "review.title");
    return side;
  }

  whole() {
    return made("section", { class: "card review-whole" }, this.none, this.call.element, this.message.element);
  }

  /** The screen has come into sight. */
  async open() {
    if (!this.is_open) {
      this.is_open = true;
      this.reveal("");
    }
    await this.turn(this.mode);
  }

  /** @param {string} mode */
  async turn(mode) {
    const is_other = mode !== this.mode;
    this.mode = mode;
    MODES.forEach((one, index) => {
      const button = this.buttons[index];
      if (button) set(button, "aria-pressed", String(one === mode));
      const filters = this.filters.get(one);
      if (filters) show(filters.element, one === mode);
    });
    show(this.queryField, mode === "search");
    if (is_other) this.found = [];
    if (mode === "search" && is_other) this.query.focus();
    await this.load();
  }

  /** @param {boolean} [more] the next page of what is there */
  async load(more = false) {
    this.asking += 1;
    const turn = this.asking;
    const query = { ...this.filters.get(this.mode)?.query() };
    if (this.mode === "search") {
      query["q"] = this.query.value.trim();
      if (!query["q"]) return this.list_(null, "review.type");
    }
    if (more && this.next) query["cursor"] = this.next;
    tell(this.list.status, "review.reading");
    const { body, code } = await ask(path(this.mode, query));
    if (turn !== this.asking) return undefined;
    if (!body) return this.list_(null, code === "unreachable" ? "review.unreachable" : has(`code.${code}`) ? `code.${code}` : "code.other", code);
    const rows = body[ROWS[this.mode] ?? ""];
    this.found = more ? [...this.found, ...rows] : rows;
    this.next = body.next;
    return this.list_(this.found, body.trouble ? "review.trouble" : this.next ? "review.count-more" : "review.count", body.trouble);
  }

  /** @param {any[] | null} rows @param {string} key @param {string} [code] */
  list_(rows, key, code = "") {
    if (!rows) [this.found, this.next] = [[], null];
    tell(this.list.status, key, { count: this.found.length, code });
    const items = this.found.map((row) => ({ row, key: this.keyOf(row) }));
    this.list.show(items, this.mode, this.next !== null);
  }

  /** @param {any} row */
  keyOf(row) {
    const query = this.mode === "search" ? this.query.value : "";
    return this.mode === "search" ? `${row.seq} ${query}` : `${row.call ?? row.subject} ${row.outcome} ${row.state ?? row.ended_utc}`;
  }

  /** @param {any} row */
  choose(row) {
    if (this.mode === "calls") return this.openCall(row.call, {});
    if (this.mode === "messages") return this.openMessage(row.subject);
    return this.openHit(row);
  }

  /** @param {Hit} hit */
  openHit(hit) {
    if (hit.place.subject) return this.openMessage(hit.place.subject);
    if (hit.place.call) return this.openCall(hit.place.call, hit.place);
    this.reveal("");
    return tell(this.none, "review.note-of", { name: hit.place.person ?? "", at: value(hit.utc) });
  }

  /** @param {string} call @param {{leg?: string, from_sample?: number}} place */
  async openCall(call, place) {
    const body = await this.whole_(`calls/${part(call)}`);
    if (!body) return;
    this.reveal("call");
    this.call.show(body, place);
  }

  /** @param {string} subject */
  async openMessage(subject) {
    const body = await this.whole_(`messages/${part(subject)}`);
    if (!body) return;
    this.reveal("message");
    this.message.show(body);
  }

  /** @param {string} what @returns {Promise<any>} null where it cannot be had, or something else was asked for since */
  async whole_(what) {
    this.opening += 1;
    const turn = this.opening;
    const { body, code } = await ask(path(what, {}));
    if (turn !== this.opening) return null;
    if (!body) {
      this.reveal("");
      tell(this.none, code === "unreachable" ? "review.unreachable" : has(`code.${code}`) ? `code.${code}` : "code.other", { code });
    }
    return body;
  }

  /** @param {string} what */
  reveal(what) {
    show(this.none, what === "");
    show(this.call.element, what === "call");
    show(this.message.element, what === "message");
  }
}
