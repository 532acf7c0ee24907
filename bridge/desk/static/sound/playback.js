/// <reference path="./worklet.d.ts" />
// The loudspeaker's worklet: takes frames of the line as they come and plays them evenly.

import { Jitter } from "./jitter.js";

/** How often it says how it does, seconds. */
const REPORT_S = 0.1;

class Playback extends AudioWorkletProcessor {
  constructor() {
    super();
    this.jitter = new Jitter(sampleRate);
    this.peak = 0;
    this.reportAt = 0;
    this.port.onmessage = (/** @type {MessageEvent} */ event) => {
      if (event.data instanceof ArrayBuffer) this.jitter.push(new Int16Array(event.data));
      else this.jitter.clear();
    };
  }

  /**
   * @param {Float32Array[][]} _inputs
   * @param {Float32Array[][]} outputs
   */
  process(_inputs, outputs) {
    const [first, ...others] = outputs[0] ?? [];
    if (first === undefined) return true;
    this.jitter.pull(first);
    for (const other of others) other.set(first);
    for (const sample of first) this.peak = Math.max(this.peak, Math.abs(sample));
    if (currentTime >= this.reportAt) {
      this.reportAt = currentTime + REPORT_S;
      const { depthMs, targetMs, starved, droppedMs } = this.jitter;
      this.port.postMessage({ peak: this.peak, depthMs, targetMs, starved, droppedMs });
      this.peak = 0;
    }
    return true;
  }
}

registerProcessor("playback", Playback);
