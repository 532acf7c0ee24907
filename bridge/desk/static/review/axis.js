// All tracks of a call on one UTC time, always from left to right: sound, gaps, events, and a cursor. A click or Enter plays
// the chosen track from half a second before the cursor.
// @ts-check

import { made, set, value } from "../base/dom.js";
import { moment, utcClock } from "../base/fmt.js";
import { name, onLanguage, tell, text } from "../base/locale.js";
import { got } from "../base/net.js";
import { onPlaying, play, stop } from "../base/player.js";
import { part } from "./ask.js";

/** @typedef {import("./forms.js").WholeCall} WholeCall */
/** @typedef {import("./forms.js").Track} Track */

const PLAYED_S = 30;
const HEIGHT = 34;
const STRIP = 12;
const TICKS = 6;
const GAP_SIGNS = /** @type {Record<string, string>} */ ({ hold: "‖", "no-rtp": "∅", stall: "↯", lost: "×", "before-media": "…" });

export class Axis {
  /** @param {(leg: string) => void} chosen */
  constructor(chosen) {
    this.chosen = chosen;
    this.ruler = made("div", { class: "ruler", dir: "ltr" });
    this.strip = made("canvas", { class: "strip", role: "img" });
    name(this.strip, "aria-label", "review.events");
    this.rows = made("div", { class: "axis-rows" });
    this.cursor = made("div", { class: "axis-cursor", "aria-hidden": "true" });
    this.time = made("output", { class: "axis-time", dir: "ltr" });
    this.field = made("div", { class: "axis-field", dir: "ltr", tabindex: "0", role: "slider" }, this.ruler, this.strip, this.rows, this.cursor);
    name(this.field, "aria-label", "review.axis");
    this.keys = tell(made("span", { class: "quiet" }), "review.axis-keys");
    this.element = made("div", { class: "axis" }, this.field, made("p", { class: "axis-foot" }, this.time, this.keys));
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.field.addEventListener("click", (event) => this.clicked(event));
    this.from = 0;
    this.to = 1;
    this.at = 0;
    this.leg = "";
    /** @type {WholeCall | null} */
    this.whole = null;
    this.drawing = 0;
    onPlaying((span, sample) => this.follow(span?.leg ?? "", sample));
    onLanguage(() => this.whole && this.draw());
  }

  /** @param {WholeCall} whole */
  show(whole) {
    const is_same = this.whole?.call.call === whole.call.call;
    this.whole = whole;
    this.from = moment(whole.axis.from_utc);
    this.to = Math.max(moment(whole.axis.to_utc), this.from + 1000);
    if (!is_same) this.at = this.from;
    const known = whole.axis.tracks.find((one) => one.leg === this.leg);
    this.leg = (known ?? whole.axis.tracks.find((one) => one.role === "side" && one.samples > 0) ?? whole.axis.tracks.find((one) => one.samples > 0))?.leg ?? "";
    set(this.field, "aria-valuemin", "0");
    set(this.field, "aria-valuemax", String(Math.round((this.to - this.from) / 1000)));
    this.rows.replaceChildren(...whole.axis.tracks.map((track) => this.row(track)));
    this.draw();
    this.move(this.at);
  }

  /** @param {Track} track */
  row(track) {
    const canvas = made("canvas", { class: "track", role: "img", "aria-label": `${track.leg}` });
    const label = made("span", { class: "track-name" }, tell(made("span", {}), `role.${track.role}`), " ", value(track.contact || track.source));
    return made("div", { class: "axis-row", "data-leg": track.leg, "data-chosen": String(track.leg === this.leg) }, label, canvas);
  }

  /** @param {string} leg */
  choose(leg) {
    this.leg = leg;
    for (const row of this.rows.children) set(row, "data-chosen", String(row.getAttribute("data-leg") === leg));
    this.chosen(leg);
  }

  get track() {
    return this.whole?.axis.tracks.find((one) => one.leg === this.leg) ?? null;
  }

  /** Where a moment stands, from 0 to 1. @param {number} ms */
  part(ms) {
    return Math.min(1, Math.max(0, (ms - this.from) / (this.to - this.from)));
  }

  /** @param {number} ms */
  move(ms) {
    this.at = Math.min(this.to, Math.max(this.from, ms));
    this.cursor.style.left = `${this.part(this.at) * 100}%`;
    set(this.field, "aria-valuenow", String(Math.round((this.at - this.from) / 1000)));
    set(this.field, "aria-valuetext", utcClock(this.at));
    this.time.replaceChildren(value(utcClock(this.at)));
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const by = event.shiftKey ? 10_000 : 1000;
    const tracks = (this.whole?.axis.tracks ?? []).filter((one) => one.samples > 0);
    const index = tracks.findIndex((one) => one.leg === this.leg);
    /** @type {Record<string, () => void>} */
    const done = {
      ArrowRight: () => this.move(this.at + by),
      ArrowLeft: () => this.move(this.at - by),
      Home: () => this.move(this.from),
      End: () => this.move(this.to),
      ArrowDown: () => this.choose(tracks[Math.min(index + 1, tracks.length - 1)]?.leg ?? this.leg),
      ArrowUp: () => this.choose(tracks[Math.max(index - 1, 0)]?.leg ?? this.leg),
      Enter: () => this.play(),
      NumpadEnter: () => this.play(),
      Space: () => stop(),
    };
    const act = done[event.code];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const row = event.target instanceof Element ? event.target.closest(".axis-row") : null;
    const box = this.field.getBoundingClientRect();
    this.move(this.from + ((event.clientX - box.left) / box.width) * (this.to - this.from));
    if (!row) return;
    this.choose(row.getAttribute("data-leg") ?? "");
    this.play();
  }

  /** From the cursor on, on the chosen track. */
  play() {
    const track = this.track;
    if (!track || !track.samples) return;
    const from_sample = sampleAt(track, this.at);
    const to_sample = Math.min(track.samples, from_sample + PLAYED_S * track.rate_hz);
    if (from_sample < to_sample) void play({ leg: track.leg, from_sample, to_sample }, track.rate_hz);
  }

  /** @param {string} leg @param {number} sample */
  follow(leg, sample) {
    const track = this.whole?.axis.tracks.find((one) => one.leg === leg);
    if (track && this.element.checkVisibility()) this.move(momentOf(track, sample));
  }

  draw() {
    const whole = this.whole;
    if (!whole) return;
    this.drawing += 1;
    const turn = this.drawing;
    this.drawRuler();
    this.drawEvents();
    [...this.rows.children].forEach((row, index) => {
      const track = whole.axis.tracks[index];
      const canvas = row.querySelector("canvas");
      if (track && canvas) void this.drawTrack(canvas, track, turn);
    });
  }

  drawRuler() {
    const marks = Array.from({ length: TICKS + 1 }, (_, index) => {
      const mark = made("span", { class: "ruler-mark" }, value(utcClock(this.from + ((this.to - this.from) * index) / TICKS)));
      mark.style.left = `${(index / TICKS) * 100}%`;
      set(mark, "data-edge", index === 0 ? "first" : index === TICKS ? "last" : false);
      return mark;
    });
    this.ruler.replaceChildren(...marks);
  }

  drawEvents() {
    const pen = sized(this.strip, STRIP);
    if (!pen) return;
    for (const event of this.whole?.events ?? []) {
      const [x, is_desk] = [this.part(moment(event.utc)) * pen.canvas.width, event.source === "desk"];
      // What a person did reaches higher than what a machine noted: told apart without colour.
      pen.fillRect(x, is_desk ? 0 : STRIP / 2, is_desk ? 2 : 1, STRIP);
    }
  }

  /** @param {HTMLCanvasElement} canvas @param {Track} track @param {number} turn */
  async drawTrack(canvas, track, turn) {
    const gaps = track.gaps.map((one) => `${text(`gap.${one.kind}`)} ${utcClock(moment(one.from_utc))}`);
    set(canvas, "aria-label", `${text(`role.${track.role}`)} ${track.contact || track.source}. ${gaps.join(", ")}`);
    const pen = sized(canvas, HEIGHT);
    if (!pen) return;
    const width = canvas.width;
    const middle = HEIGHT / 2;
    pen.fillRect(this.part(moment(track.from_utc)) * width, middle, (this.part(moment(track.to_utc ?? track.from_utc)) - this.part(moment(track.from_utc))) * width, 1);
    for (const piece of track.pieces) {
      const start = moment(piece.from_utc);
      const end = start + ((piece.to_sample - piece.from_sample) / track.rate_hz) * 1000;
      const [left, right] = [this.part(start) * width, this.part(end) * width];
      const count = Math.min(4000, Math.max(1, Math.round(right - left)));
      const found = await got(`/api/peaks/${part(track.leg)}?from=${piece.from_sample}&to=${piece.to_sample}&n=${count}`);
      if (turn !== this.drawing) return;
      const peaks = Array.isArray(found?.peaks) ? found.peaks : [];
      peaks.forEach((/** @type {number} */ peak, /** @type {number} */ index) => {
        const half = (Math.sqrt(Math.min(1000, peak) / 1000) * (HEIGHT - 4)) / 2;
        if (half > 0.5) pen.fillRect(left + (index * (right - left)) / peaks.length, middle - half, 1, 2 * half);
      });
    }
    this.drawGaps(pen, track);
    set(canvas, "data-drawn", true);
  }

  /** @param {CanvasRenderingContext2D} pen @param {Track} track */
  drawGaps(pen, track) {
    const style = getComputedStyle(pen.canvas);
    for (const gap of track.gaps) {
      const left = this.part(moment(gap.from_utc)) * pen.canvas.width;
      const right = Math.max(left + 2, this.part(gap.to_utc ? moment(gap.to_utc) : moment(track.to_utc ?? track.from_utc)) * pen.canvas.width);
      pen.fillStyle = style.getPropertyValue("--sheet") || "white";
      pen.fillRect(left, 1, right - left, HEIGHT - 2);
      pen.fillStyle = pen.strokeStyle = style.getPropertyValue("--medium") || "black";
      pen.setLineDash([3, 2]);
      pen.strokeRect(left + 0.5, 1.5, right - left - 1, HEIGHT - 3);
      if (right - left > 9) pen.fillText(GAP_SIGNS[gap.kind] ?? "?", (left + right) / 2 - 4, HEIGHT / 2 + 4);
    }
  }
}

/** A canvas as wide as it is shown. @param {HTMLCanvasElement} canvas @param {number} height */
function sized(canvas, height) {
  canvas.width = Math.max(1, canvas.clientWidth);
  canvas.height = height;
  const pen = canvas.getContext("2d");
  if (pen) pen.fillStyle = getComputedStyle(canvas).color;
  return pen;
}

/** @param {Track} track @param {number} ms @returns {number} */
export function sampleAt(track, ms) {
  const piece = track.pieces.findLast((one) => moment(one.from_utc) <= ms) ?? track.pieces[0];
  if (!piece) return 0;
  const sample = piece.from_sample + Math.round(((ms - moment(piece.from_utc)) / 1000) * track.rate_hz);
  return Math.min(piece.to_sample, Math.max(piece.from_sample, sample));
}

/** @param {Track} track @param {number} sample */
export function momentOf(track, sample) {
  const piece = track.pieces.findLast((one) => one.from_sample <= sample) ?? track.pieces[0];
  if (!piece) return moment(track.from_utc);
  return moment(piece.from_utc) + ((sample - piece.from_sample) / track.rate_hz) * 1000;
}
