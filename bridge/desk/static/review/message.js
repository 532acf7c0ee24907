// One message in four columns: as spoken, as sealed, as relayed, as read back. Differences are marks around whole words: a
// sign, a shape, colour last. What was said on the other line is at the other station, and the column says so.
// @ts-check

import { keepWords, valued } from "../base/bidi.js";
import { direction, made, set, value } from "../base/dom.js";
import { moment, utcClock, utcMoment } from "../base/fmt.js";
import { has, name, pieces, tell } from "../base/locale.js";
import { sideName } from "../base/me.js";
import { localTimes } from "./call.js";
import { match, named, precedence } from "./list.js";
import { hearable, row, showMark, sounding } from "./words.js";

/** @typedef {import("./forms.js").WholeMessage} WholeMessage */
/** @typedef {import("./forms.js").Column} Column */
/** @typedef {import("./forms.js").Difference} Difference */
/** @typedef {import("./forms.js").Place} Place */
/** @typedef {import("./words.js").Mark} Mark */

const RATE_HZ = 8000;

/** @param {Difference} finding */
function signOf(finding) {
  return finding.kind === "omission" ? "−" : finding.kind === "addition" ? "+" : finding.certain ? "≠" : "?";
}

/** @param {[number, number]} span @param {number} index */
function covers(span, index) {
  return index >= span[0] && index < Math.max(span[1], span[0] + 1);
}

/** @param {Difference | undefined} found @returns {Mark | null} */
function markOf(found) {
  return found ? { sign: signOf(found), certain: found.certain && found.stands } : null;
}

export class MessageView {
  /** @param {(call: string, place: {leg?: string, from_sample?: number}) => void} toCall */
  constructor(toCall) {
    this.toCall = toCall;
    this.head = made("div", { class: "review-head" });
    this.columns = made("div", { class: "four-columns" });
    this.differences = made("ul", { class: "findings review-differences", "data-scrolls": true });
    hearable(this.differences);
    name(this.differences, "aria-label", "finding.title");
    this.history = made("ol", { class: "review-events", "data-scrolls": true, tabindex: "0" });
    name(this.history, "aria-label", "review.history");
    const left = made("section", { class: "review-column" }, tell(made("h3", {}), "finding.title"), this.differences);
    const right = made("section", { class: "review-column" }, tell(made("h3", {}), "review.history"), this.history);
    this.element = made("div", { class: "review-message" }, this.head, this.columns, made("div", { class: "review-below two" }, left, right));
  }

  /** @param {WholeMessage} whole */
  show(whole) {
    this.showHead(whole);
    const found = whole.columns.flatMap((column) => column.findings.map((one) => ({ column, one })));
    this.columns.replaceChildren(...whole.columns.map((column) => this.column(column, found.map((item) => item.one))));
    found.sort((one, other) => Number(other.one.stands) - Number(one.one.stands) || one.one.sealed_span[0] - other.one.sealed_span[0]);
    const lines = found.map(({ column, one }) => difference(column, one, whole.language));
    this.differences.replaceChildren(...(lines.length ? lines : [tell(made("li", { class: "none" }), "finding.none")]));
    this.history.replaceChildren(...whole.history.map(step));
  }

  /** @param {WholeMessage} whole */
  showHead(whole) {
    const began = moment(whole.began_utc);
    const calls = whole.calls.map((call) => {
      const button = made("button", { type: "button", class: "small" }, value(call));
      button.addEventListener("click", () => this.toCall(call, {}));
      return button;
    });
    const sealed = whole.message.sealed;
    this.head.replaceChildren(
      made("h2", {}, value(whole.serial ?? whole.subject), " ", precedence(whole.precedence) ?? "", " ", named(`kind.${whole.kind}`)),
      made("p", { class: "review-facts" }, value(utcMoment(began)), ...localTimes(began), made("span", {}, sideName(whole.from_side), " › ", sideName(whole.to_side)), named(`state.${whole.half}.${whole.state}`), whole.outcome === "OPEN" ? "" : named(`end.${whole.outcome}`), ...calls),
      made("p", { class: "review-facts quiet" }, ...(whole.cites ? pieces("work.cites", { serial: whole.cites }) : []), ...(sealed ? [value(sealed.dtg), value(`SHA-256 ${sealed.sha256}`)] : [])),
    );
    if (whole.trouble) this.head.append(tell(made("p", { class: "review-trouble" }), "review.trouble", { code: whole.trouble }));
  }

  /** @param {Column} column @param {Difference[]} all */
  column(column, all) {
    const head = made("div", { class: "column-head" }, tell(made("h3", {}), `column.${column.column}`));
    if (column.match) head.append(match(column.match));
    const box = made("div", { class: "said-rows", "data-scrolls": true });
    hearable(box);
    name(box, "aria-label", `column.${column.column}`);
    for (const place of column.spans) box.append(played(place));
    if (column.state === "other-station") box.append(tell(made("p", { class: "none" }), "column.other-station", { side: sideName(column.held_by ?? "") }));
    else if (column.state !== "there") box.append(tell(made("p", { class: "none" }), `column.${column.state}`));
    if (column.column === "sealed" && column.text) box.append(sealedText(column, all.filter((one) => one.stands)));
    for (const run of column.runs) box.append(...heard(column, run));
    if (column.made_now) box.append(tell(made("p", { class: "quiet" }), "column.made-now"));
    if (column.judged_by) box.append(tell(made("p", { class: "quiet" }), "column.judged", { name: column.judged_by }));
    if (column.earlier) box.append(tell(made("p", { class: "quiet" }), "column.earlier", { count: column.earlier }));
    return made("section", { class: "review-column", "data-column": column.column, "data-state": column.state }, head, box);
  }
}

/** @param {Place} place */
function played(place) {
  const times = value(`${utcClock(moment(place.from_utc))} - ${utcClock(moment(place.to_utc))}`);
  times.classList.add("said-at");
  return made("p", { class: "said-row" }, sounding(times, place, place.rate_hz || RATE_HZ), value(place.leg.slice(place.leg.indexOf("/") + 1)));
}

/** @param {Column} column @param {Difference[]} found */
function sealedText(column, found) {
  const text = made("p", { class: "sealed-text", dir: direction(column.language), lang: column.language });
  const list = column.text.split(/\s+/).filter(Boolean);
  keepWords(text, list, (one) => one, column.language, () => made("span", { class: "word" }, made("span", {})), (element, one, index) => {
    showMark(element, one, markOf(found.find((item) => covers(item.sealed_span, index))));
  });
  return text;
}

/** @param {Column} column @param {import("./forms.js").Run} run */
function heard(column, run) {
  let first = 0;
  const rows = run.utterances.map((said) => {
    const offset = first;
    first += said.text.split(/\s+/).filter(Boolean).length;
    const marked = (/** @type {number} */ index) =>
      run.kind === "live" ? markOf(column.findings.find((one) => one.heard !== "" && covers(one.span, offset + index))) : null;
    return row(said, run.leg ?? "", column.spans[0]?.rate_hz || RATE_HZ, column.language, said.from_utc ?? "", marked);
  });
  return [made("p", { class: "quiet run-name" }, named(`review.run.${run.kind}`), " ", value(run.engine)), ...rows];
}

/** @param {Column} column @param {Difference} one @param {string} language */
function difference(column, one, language) {
  const text = (/** @type {string} */ part) => made("bdi", { dir: direction(language), lang: language }, ...valued(part || "–", language));
  const kind = tell(made("span", { class: "finding-kind" }), has(`finding.${one.kind}`) ? `finding.${one.kind}` : "finding.other");
  const line = made("li", { class: "finding said-row", "data-certain": String(one.certain && one.stands) });
  line.append(made("span", { class: "sign", "aria-hidden": "true" }, signOf(one)), tell(made("span", {}), `column.${column.column}`), kind);
  line.append(made("span", { class: "sealed-word" }, text(one.sealed)), made("span", { class: "arrow", "aria-hidden": "true" }, direction(document.documentElement.lang) === "rtl" ? "←" : "→"), made("span", { class: "heard-word" }, text(one.heard)));
  line.append(tell(made("span", { class: "sure" }), one.stands ? (one.certain ? "finding.certain" : "finding.doubtful") : "column.put-right"));
  if (one.audio) {
    const at = value(utcClock(moment(one.audio.from_utc)));
    at.classList.add("said-at");
    line.append(sounding(at, one.audio, one.audio.rate_hz || RATE_HZ));
  }
  return line;
}

/** @param {{utc: string, act: string, person: string, console: string}} one */
function step(one) {
  const act = has(`event.${one.act}`) ? tell(made("span", {}), `event.${one.act}`) : value(one.act);
  const line = made("li", { class: "said-row" }, value(utcClock(moment(one.utc))), act);
  if (one.person) line.append(value(one.person));
  if (one.console) line.append(...pieces("review.console", { name: one.console }));
  set(line, "title", utcMoment(moment(one.utc)));
  return line;
}

