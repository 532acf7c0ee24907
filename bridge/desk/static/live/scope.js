// The last 30 seconds of one track as a picture, left to right in every language: time has no other direction here.
// @ts-check

import { made } from "../base/dom.js";
import { name } from "../base/locale.js";

const SHOWN = 300;
const [WIDTH, HEIGHT] = [300, 26];

export class Scope {
  constructor() {
    this.canvas = made("canvas", { class: "scope", dir: "ltr", role: "img" });
    name(this.canvas, "aria-label", "line.scope");
    this.canvas.width = WIDTH;
    this.canvas.height = HEIGHT;
  }

  /** @param {number[]} peaks thousandths of full scale, ten a second, the newest last */
  draw(peaks) {
    const pen = this.canvas.getContext("2d");
    if (!pen) return;
    const shown = peaks.slice(-SHOWN);
    const style = getComputedStyle(this.canvas);
    pen.clearRect(0, 0, WIDTH, HEIGHT);
    pen.fillStyle = style.getPropertyValue("--edge") || "gray";
    pen.fillRect(0, HEIGHT / 2, WIDTH, 1);
    pen.fillStyle = style.color;
    const left = SHOWN - shown.length;
    shown.forEach((peak, index) => {
      // Square root: speech at -30 dB would be a line of one pixel otherwise.
      const half = Math.max(0.5, (Math.sqrt(Math.min(1000, peak) / 1000) * HEIGHT) / 2);
      pen.fillRect(left + index, HEIGHT / 2 - half, 1, 2 * half);
    });
  }
}
