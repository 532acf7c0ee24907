// The draft: a person's text beside the machine's and never over it. Enter on a word plays where it was said. What is
// written is kept by the station a moment after the last key, so that nothing lives only here.
// @ts-check

import { isolated, unmarked } from "../base/bidi.js";
import { direction, made, say, set, show } from "../base/dom.js";
import { name, tell } from "../base/locale.js";
import { act } from "../base/net.js";
import { play } from "../base/player.js";
import { inHand, leg } from "./hand.js";
import { whereSaid } from "./slots.js";

/** @typedef {import("../base/types.js").Message} Message */
/** @typedef {import("../base/types.js").Span} Span */

const QUIET_MS = 1000;
const RATE_HZ = 8000;
/** While the text is only being written. Later every change takes back the originator's yes: then F9 keeps it. */
const KEPT_BY_ITSELF = ["hearing", "drafting"];

export class Draft {
  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    this.subject = "";
    /** What the station holds, as far as this page knows. */
    this.kept = "";
    /** What was sent and is not yet seen in the message. */
    this.sent = "";
    this.timer = 0;
    this.title = made("label", { for: "draft-text" });
    this.state = made("span", { class: "draft-state" });
    this.fill = made("button", { type: "button", class: "small" });
    this.area = made("textarea", { id: "draft-text", spellcheck: "false", autocomplete: "off", "data-scrolls": true });
    this.cover = made("canvas", { class: "cover", dir: "ltr", role: "img" });
    this.cover.width = 600;
    this.cover.height = 8;
    name(this.cover, "aria-label", "draft.cover");
    this.heard = made("span", { class: "heard" });
    tell(this.title, "draft.title");
    tell(this.fill, "draft.fill");
    const head = made("p", { class: "box-head" }, this.title, this.state, this.fill);
    const foot = made("p", { class: "cover-line" }, this.cover, this.heard);
    this.element = made("div", { class: "draft-box" }, head, this.area, foot);
    this.area.addEventListener("input", () => this.typed());
    this.area.addEventListener("keydown", (event) => this.key(event));
    this.fill.addEventListener("click", () => this.takeHeard());
  }

  get isDirty() {
    return this.text() !== this.kept && this.text() !== this.sent && this.text() !== "";
  }

  text() {
    return unmarked(this.area.value).replace(/\s+/g, " ").trim();
  }

  /** Put invisible marks round values that were typed, so that they are seen whole. Nothing is sealed of them. */
  isolate() {
    const area = this.area;
    const wanted = isolated(area.value, area.lang);
    if (wanted === area.value) return;
    const [caret, scrolled] = [unmarked(area.value.slice(0, area.selectionStart)).length, area.scrollTop];
    if (document.activeElement !== area) area.value = wanted;
    else {
      // The only way to change a field that leaves its undo as it was.
      area.select();
      document.execCommand("insertText", false, wanted);
      let [at, seen] = [0, 0];
      for (; at < wanted.length && seen < caret; at += 1) if (unmarked(wanted[at] ?? "")) seen += 1;
      area.setSelectionRange(at, at);
      area.scrollTop = scrolled;
    }
  }

  typed() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.rest(), QUIET_MS);
    this.changed();
  }

  /** A moment after the last key. */
  rest() {
    const message = inHand();
    this.isolate();
    if (this.isDirty && message?.subject === this.subject && KEPT_BY_ITSELF.includes(message.state)) void this.keep();
  }

  /** Have the station keep what stands here. */
  async keep() {
    window.clearTimeout(this.timer);
    const text = this.text();
    if (!this.isDirty || !this.subject) return null;
    this.sent = text;
    this.changed();
    const answer = await act("Edited", this.subject, { text });
    if (answer.result !== "done") this.sent = "";
    this.changed();
    return answer;
  }

  /** Begin the draft with what was heard: the machine's words, to be put right by a person. */
  takeHeard() {
    const message = inHand();
    if (!message) return;
    const heard = message.heard.map((one) => one.text).join(" ");
    this.area.value = isolated(this.area.value ? `${this.area.value} ${heard}` : heard, message.language);
    this.area.focus();
    this.typed();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.code !== "Enter" && event.code !== "NumpadEnter") return;
    event.preventDefault();
    if (!event.repeat && !event.isComposing) this.playAt(this.area.selectionStart);
  }

  /** Play where the word at a place of the text was said. @param {number} place */
  playAt(place) {
    const message = inHand();
    const text = unmarked(this.area.value);
    const before = unmarked(this.area.value.slice(0, place)).search(/\S*$/);
    const word = text.slice(before).match(/^\S+/)?.[0] ?? "";
    const along = before / Math.max(1, text.length);
    const span = message && word ? whereSaid(word, message.legs, along) : null;
    if (span) void play(span, leg(span.leg)?.rate_hz ?? RATE_HZ);
  }

  /** @param {Message} message */
  show(message) {
    const theirs = message.draft?.text ?? "";
    set(this.area, "dir", direction(message.language));
    set(this.area, "lang", message.language);
    if (message.subject !== this.subject) this.begin(message, theirs);
    else if (theirs !== this.kept) this.caughtUp(theirs);
    show(this.fill, message.heard.length > 0 && this.area.value === "");
    tell(this.state, this.isDirty ? "draft.unkept" : message.draft ? "draft.kept" : "draft.none", { version: message.draft?.version ?? 0 });
    this.showCover(message);
  }

  /** @param {Message} message @param {string} theirs */
  begin(message, theirs) {
    window.clearTimeout(this.timer);
    this.subject = message.subject;
    this.kept = theirs;
    this.sent = "";
    this.area.value = isolated(theirs, message.language);
  }

  /** The station holds another text now: ours arrived, or somebody else wrote. @param {string} theirs */
  caughtUp(theirs) {
    const was_clean = this.text() === this.kept;
    this.kept = theirs;
    if (this.sent === theirs) this.sent = "";
    if (was_clean && this.text() !== theirs) this.area.value = isolated(theirs, this.area.lang);
  }

  /** @param {Message} message */
  showCover(message) {
    const cover = message.coverage;
    const wanted = cover?.wanted ?? [];
    const length = (/** @type {Span[]} */ spans) => spans.reduce((sum, one) => sum + one.to_sample - one.from_sample, 0);
    const missing = cover?.missing ?? [];
    const all = length(wanted);
    if (all === 0) tell(this.heard, "draft.not-marked");
    else tell(this.heard, "draft.heard", { part: `${((all - length(missing)) / RATE_HZ).toFixed(1)} / ${(all / RATE_HZ).toFixed(1)} s` });
    const pen = this.cover.getContext("2d");
    if (!pen) return;
    const style = getComputedStyle(this.cover);
    pen.clearRect(0, 0, this.cover.width, this.cover.height);
    let at = 0;
    const scale = this.cover.width / Math.max(1, all);
    for (const span of wanted) {
      pen.fillStyle = style.color;
      pen.fillRect(at * scale, 0, (span.to_sample - span.from_sample) * scale, this.cover.height);
      pen.fillStyle = style.getPropertyValue("--medium") || "orange";
      for (const gap of missing) {
        if (gap.leg !== span.leg || gap.to_sample <= span.from_sample || gap.from_sample >= span.to_sample) continue;
        pen.fillRect((at + gap.from_sample - span.from_sample) * scale, 0, (gap.to_sample - gap.from_sample) * scale, this.cover.height);
      }
      at += span.to_sample - span.from_sample;
    }
    say(this.cover, "");
  }
}
