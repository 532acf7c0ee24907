// Hands on what passes through it, with the context's time of its first sample.
/// <reference path="../../../bridge/desk/static/sound/worklet.d.ts" />

const QUANTA = 16;

class Probe extends AudioWorkletProcessor {
  constructor() {
    super();
    this.samples = new Float32Array(128 * QUANTA);
    this.filled = 0;
  }

  /** @param {Float32Array[][]} inputs */
  process(inputs) {
    const heard = inputs[0]?.[0] ?? new Float32Array(128);
    if (this.filled === 0) this.time = currentTime;
    this.samples.set(heard, this.filled);
    this.filled += heard.length;
    if (this.filled === this.samples.length) {
      this.port.postMessage({ time: this.time, samples: this.samples.slice() });
      this.filled = 0;
    }
    return true;
  }
}

registerProcessor("probe", Probe);
