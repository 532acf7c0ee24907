// Evens out what arrives from the line: sound that comes in bursts is played without gaps, and never much too late.
// Pure: no browser in it. Used inside the playback worklet.

import { Resampler } from "./resample.js";

export const LINE_HZ = 8000;
/** What is waited for before the first sample is played, and never less. */
const TARGET_MS = 50;
/** More is never waited for: a line that stutters worse than this is heard stuttering. */
const TARGET_LIMIT_MS = 160;
/** Waited for in addition after each time there was nothing left to play. */
const LEARN_MS = 20;
/** Taken back at most each `CALM_S`, where so much was always to spare beyond `SPARE_MS`. */
const FORGET_MS = 40;
const CALM_S = 5;
const SPARE_MS = 20;
/** Above this the oldest is thrown away. */
const LIMIT_MS = 200;
/** A depth so far from the target is mended by playing this much faster or slower, which nobody hears. */
const SLACK_MS = 15;
const PACE = 0.006;
/** One much too deep, by playing this much faster: a third of a semitone. */
const DEEP_MS = 50;
const HASTE = 0.02;
/** Weight of the newest depth in the mean: half of it is forgotten in about half a second. */
const MEAN_WEIGHT = 0.004;
/** Samples over which the sound fades out where it breaks off, so that it does not click. */
const FADE = 64;

const PER_MS = LINE_HZ / 1000;

export class Jitter {
  /** @param {number} rate of the loudspeaker, Hz */
  constructor(rate) {
    this.rate = rate;
    this.resampler = new Resampler(LINE_HZ, rate);
    this.targetMs = TARGET_MS;
    /** Times there was nothing to play. */
    this.starved = 0;
    /** Frames' worth of sound thrown away because it was too late, in ms. */
    this.droppedMs = 0;
    this.filling = true;
    this.meanMs = TARGET_MS;
    this.calm = 0;
    /** Least sound that waited since the target was last thought over, ms. */
    this.leastMs = LIMIT_MS;
    this.last = 0;
  }

  /** Sound that waits, in ms. */
  get depthMs() {
    return this.resampler.waiting / PER_MS;
  }

  /** A new call: what waits belongs to the old one. */
  clear() {
    this.resampler.clear();
    this.filling = true;
    this.calm = 0;
    this.meanMs = this.targetMs;
  }

  /** @param {Int16Array} samples of the line */
  push(samples) {
    const floats = new Float32Array(samples.length);
    for (let index = 0; index < samples.length; index += 1) floats[index] = /** @type {number} */ (samples[index]) / 32768;
    this.resampler.write(floats);
    if (this.depthMs > LIMIT_MS) {
      const late = this.depthMs - this.targetMs;
      this.resampler.skip(Math.round(late * PER_MS));
      this.droppedMs += late;
      this.meanMs = this.targetMs;
    }
  }

  /**
   * Fill `out`; with silence where there is nothing.
   * @param {Float32Array} out
   */
  pull(out) {
    if (this.filling && this.depthMs < this.targetMs) {
      out.fill(0);
      this.#fade(out, 0);
      return;
    }
    if (this.filling) this.meanMs = this.targetMs - SLACK_MS / 2;
    this.filling = false;
    this.meanMs += (this.depthMs - this.meanMs) * MEAN_WEIGHT;
    const made = this.resampler.read(out, 0, out.length, this.#pace());
    if (made < out.length) {
      out.fill(0, made);
      if (made > 0) this.last = /** @type {number} */ (out[made - 1]);
      this.#fade(out, made);
      this.#ranDry();
      return;
    }
    this.last = /** @type {number} */ (out[out.length - 1]);
    this.#stayedCalm(out.length / this.rate);
  }

  #pace() {
    const over = this.meanMs - this.targetMs;
    if (over > DEEP_MS) return 1 + HASTE;
    if (over > SLACK_MS) return 1 + PACE;
    return over < -2 * SLACK_MS ? 1 - PACE : 1;
  }

  #ranDry() {
    this.starved += 1;
    this.targetMs = Math.min(TARGET_LIMIT_MS, this.targetMs + LEARN_MS);
    this.filling = true;
    this.calm = 0;
    this.leastMs = LIMIT_MS;
  }

  /** @param {number} seconds */
  #stayedCalm(seconds) {
    this.calm += seconds;
    this.leastMs = Math.min(this.leastMs, this.depthMs);
    if (this.calm < CALM_S) return;
    const spare = Math.max(0, Math.min(FORGET_MS, this.leastMs - SPARE_MS));
    this.targetMs = Math.max(TARGET_MS, this.targetMs - spare);
    this.calm = 0;
    this.leastMs = LIMIT_MS;
  }

  /**
   * @param {Float32Array} out
   * @param {number} from
   */
  #fade(out, from) {
    for (let index = from; this.last !== 0 && index < out.length; index += 1) {
      this.last = Math.abs(this.last) < 1e-4 ? 0 : this.last * (1 - 4 / FADE);
      out[index] = this.last;
    }
  }
}
