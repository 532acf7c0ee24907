// A list of the record: calls, messages or places of words, the newest first, a page at a time. Up and down go from row to
// row, Enter opens one.
// @ts-check

import { keepWords, valued } from "../base/bidi.js";
import { direction, keep, made, set, show, value } from "../base/dom.js";
import { moment, span, utcMoment } from "../base/fmt.js";
import { has, pieces, tell } from "../base/locale.js";
import { sideName } from "../base/me.js";

/** @typedef {import("./forms.js").CallRow} CallRow */
/** @typedef {import("./forms.js").MessageRow} MessageRow */
/** @typedef {import("./forms.js").Hit} Hit */
/** @typedef {{key: string, row: any}} Item */

/** A code in words, as it stands where nobody wrote any. @param {string} key */
function named(key) {
  const element = made("span", {});
  return has(key) ? tell(element, key) : made("span", {}, key.slice(key.lastIndexOf(".") + 1));
}

/** What a person said or wrote, with its values whole. @param {string} text @param {string} language */
export function written(text, language) {
  return made("bdi", language ? { dir: direction(language), lang: language } : { dir: "auto" }, ...valued(text, language));
}

export class List {
  /** @param {(item: any) => void} chosen @param {() => void} more */
  constructor(chosen, more) {
    this.chosen = chosen;
    this.status = made("p", { class: "review-status", role: "status" });
    this.list = made("ul", { class: "review-list", "data-scrolls": true });
    this.more = tell(made("button", { type: "button", class: "small" }), "review.more");
    this.more.addEventListener("click", more);
    this.list.addEventListener("keydown", (event) => step(event));
    this.element = made("div", { class: "review-rows" }, this.status, this.list, this.more);
    show(this.more, false);
    /** @type {string} */
    this.open = "";
  }

  /** @param {Item[]} items @param {string} mode @param {boolean} is_more */
  show(items, mode, is_more) {
    keep(this.list, items, (item) => item.key, (item) => this.made(item, mode), (element, item) => {
      const button = element.firstElementChild;
      if (button) set(button, "aria-current", item.key === this.open ? "true" : false);
    });
    show(this.more, is_more);
  }

  /** @param {Item} item @param {string} mode */
  made(item, mode) {
    const content = mode === "calls" ? callRow(item.row) : mode === "messages" ? messageRow(item.row) : hitRow(item.row);
    const button = made("button", { type: "button", class: "review-row" }, ...content);
    button.addEventListener("click", () => {
      this.open = item.key;
      for (const one of this.list.querySelectorAll("[aria-current]")) one.removeAttribute("aria-current");
      set(button, "aria-current", "true");
      this.chosen(item.row);
    });
    return made("li", {}, button);
  }
}

/** @param {KeyboardEvent} event */
function step(event) {
  const by = event.code === "ArrowDown" ? "nextElementSibling" : event.code === "ArrowUp" ? "previousElementSibling" : "";
  const row = event.target instanceof Element ? event.target.closest("li") : null;
  if (!by || !row) return;
  event.preventDefault();
  const button = row[by]?.querySelector("button");
  if (button instanceof HTMLElement) button.focus();
}

/** @param {...(Node | string | null | false)} parts */
function line(...parts) {
  return made("span", { class: "row-line" }, ...parts);
}

/** @param {CallRow} row */
function callRow(row) {
  const ended = row.ended_utc ? span(moment(row.ended_utc) - moment(row.began_utc)) : "";
  return [
    line(value(utcMoment(moment(row.began_utc))), value(ended), row.exercise && exercise()),
    line(named(`review.direction.${row.direction}`), value(row.contact || row.source), precedence(row.precedence), outcome(row.outcome)),
    row.messages.length > 0 && line(...row.messages.map((one) => value(one))),
    row.attempts.length > 1 && line(...pieces("review.attempts", { count: row.attempts.length })),
  ].filter((one) => one !== false);
}

/** @param {MessageRow} row */
function messageRow(row) {
  const worst = Object.values(row.match).find((one) => one === "altered" || one === "check") ?? Object.values(row.match)[0];
  return [
    line(value(row.serial ?? row.subject), precedence(row.precedence), named(`review.half.${row.half}`), row.exercise && exercise()),
    line(value(utcMoment(moment(row.began_utc))), made("span", {}, sideName(row.from_side)), made("span", { class: "arrow" }, "›"), made("span", {}, sideName(row.to_side))),
    line(named(`state.${row.half}.${row.state}`), row.outcome !== "OPEN" && named(`end.${row.outcome}`), worst ? match(worst) : null),
    made("span", { class: "row-gist" }, written(row.gist, row.language)),
  ];
}

/** @param {Hit} row */
function hitRow(row) {
  const text = made("span", { class: "row-gist" });
  const inner = written("", row.language);
  // Word by word, so that a value of which one word was found stays whole.
  const list = row.snippet.pieces.flatMap((piece) => piece.text.split(" ").map((word) => ({ word, hit: piece.hit })));
  keepWords(inner, list, (one) => one.word, row.language, () => made("span", { class: "word" }), (element, one) => {
    element.replaceChildren(one.hit ? made("mark", {}, one.word) : one.word);
  });
  if (row.snippet.cut_before) inner.prepend("… ");
  if (row.snippet.cut_after) inner.append(" …");
  text.append(inner);
  const where = row.place.serial ?? row.place.leg?.split("/").at(-1) ?? row.place.person ?? "";
  return [
    line(value(utcMoment(moment(row.utc))), named(`doc.${row.kind}`), value(where), row.place.engine ? value(row.place.engine) : null),
    text,
    row.match === "exact" ? null : line(named(`review.match.${row.match}`)),
  ].filter((one) => one !== null);
}

function exercise() {
  return tell(made("span", { class: "exercise" }), "bar.exercise");
}

/** @param {string} worth */
export function precedence(worth) {
  return worth ? tell(made("span", { class: "precedence", "data-precedence": worth }), `precedence.${worth}`) : null;
}

/** @param {string} worth */
export function outcome(worth) {
  return worth === "open" ? tell(made("span", {}), "review.open") : named(`outcome.${worth}`);
}

/** @param {string} worth */
export function match(worth) {
  const sign = /** @type {Record<string, string>} */ ({ verbatim: "=", equivalent: "≈", check: "?", altered: "≠" })[worth] ?? "?";
  return tell(made("span", { class: "match", "data-match": worth, "data-sign": sign }), `match.${worth}`);
}

export { named };
