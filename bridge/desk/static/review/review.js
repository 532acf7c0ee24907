// The door of the review screen: calls and messages of the record, and what was said in them. It asks the record when it is
// opened and shows what comes; it changes nothing.
// @ts-check

import { keep, made, show, value } from "../base/dom.js";
import { tell } from "../base/locale.js";
import { got } from "../base/net.js";

/** @typedef {{serial?: string, subject?: string, call?: string, utc?: string, state?: string}} Row */

export class ReviewScreen {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.none = made("p", { role: "status" });
    this.list = made("ul", { class: "review-list", "data-scrolls": true, tabindex: "0" });
    this.query = made("input", { id: "review-query", type: "search", dir: "auto", autocomplete: "off", maxlength: "120" });
    const label = tell(made("label", { for: "review-query" }), "review.search");
    this.query.addEventListener("change", () => void this.open());
    const title = tell(made("h2", {}), "review.title");
    parent.append(made("section", { class: "card" }, title, made("p", { class: "field" }, label, this.query), this.none, this.list));
  }

  async open() {
    const query = this.query.value.trim();
    const found = await got(query ? `/api/review/search?q=${encodeURIComponent(query)}` : "/api/review/messages");
    /** @type {Row[]} */
    const rows = Array.isArray(found) ? found : Array.isArray(found?.messages) ? found.messages : [];
    tell(this.none, found === null ? "review.unreachable" : "review.count", { count: rows.length });
    const keyed = rows.map((row, index) => ({ row, key: `${index} ${row.serial ?? row.subject ?? row.call ?? ""}` }));
    keep(this.list, keyed, (one) => one.key, (one) => made("li", {}, value(`${one.row.utc ?? ""} ${one.row.serial ?? one.row.subject ?? one.row.call ?? ""} ${one.row.state ?? ""}`.trim())), () => {});
    show(this.list, rows.length > 0);
  }
}
