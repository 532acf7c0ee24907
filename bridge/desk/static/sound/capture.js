/// <reference path="./worklet.d.ts" />
// The microphone's worklet: cuts what it hears into frames as the line takes them, 20 ms of 16-bit samples at 8 kHz.

import { LINE_HZ } from "./jitter.js";
import { Resampler } from "./resample.js";

const FRAME = (LINE_HZ * 20) / 1000;

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate, LINE_HZ);
    this.frame = new Float32Array(FRAME);
    this.filled = 0;
  }

  /** @param {Float32Array[][]} inputs */
  process(inputs) {
    const heard = inputs[0]?.[0];
    if (heard === undefined) return true; // no microphone right now
    this.resampler.write(heard);
    for (;;) {
      this.filled = this.resampler.read(this.frame, this.filled, FRAME);
      if (this.filled < FRAME) return true;
      this.filled = 0;
      this.#send();
    }
  }

  #send() {
    const pcm = new Int16Array(FRAME);
    let peak = 0;
    for (let index = 0; index < FRAME; index += 1) {
      const sample = Math.max(-1, Math.min(1, /** @type {number} */ (this.frame[index])));
      peak = Math.max(peak, Math.abs(sample));
      pcm[index] = Math.round(sample * 32767);
    }
    this.port.postMessage({ pcm: pcm.buffer, peak }, [pcm.buffer]);
  }
}

registerProcessor("capture", Capture);
