// Changes the rate of a stream of samples by a windowed sinc. Pure: no browser in it. Used inside both worklets.

/** Zero crossings of the kernel to each side: 3.3 kHz passes, 4.7 kHz is 60 dB down at 8 kHz. */
const CROSSINGS = 12;
/** Steps of the kernel's table for each input sample; between them it is interpolated. */
const STEPS = 64;
/** Cut-off as a part of the lower of both Nyquist rates. */
const PASS = 0.92;

export class Resampler {
  /**
   * @param {number} from rate of what is written, Hz
   * @param {number} to rate of what is read, Hz
   */
  constructor(from, to) {
    /** Input samples for each output sample. */
    this.step = from / to;
    const wide = Math.max(1, this.step);
    /** Input samples to each side that one output sample needs. */
    this.reach = Math.ceil(CROSSINGS * wide);
    this.kernel = makeKernel(this.reach, PASS / wide);
    this.held = new Float32Array(4096);
    /** End of what was written; silence came before the first sample. */
    this.end = this.reach;
    /** Place of the next output sample among the held input. */
    this.at = this.reach;
  }

  /** Forget everything; the next sample written is the first. */
  clear() {
    this.held.fill(0, 0, this.reach);
    this.end = this.at = this.reach;
  }

  /** Input samples that wait to be read. */
  get waiting() {
    return this.end - this.at;
  }

  /** @param {ArrayLike<number>} samples from -1 to 1 */
  write(samples) {
    this.#makeRoom(samples.length);
    this.held.set(samples, this.end);
    this.end += samples.length;
  }

  /** @param {number} count input samples to pass over, at most those that wait */
  skip(count) {
    this.at += Math.min(count, this.waiting);
  }

  /**
   * Fill a part of `out`.
   * @param {Float32Array} out
   * @param {number} from index of the first sample
   * @param {number} until index behind the last one
   * @param {number} pace input is used up so many times faster than its rate says
   * @returns {number} index behind the last sample that could be made
   */
  read(out, from, until, pace = 1) {
    let index = from;
    for (; index < until && this.at + this.reach < this.end; index += 1) {
      const whole = Math.floor(this.at);
      const part = this.at - whole;
      out[index] = this.#half(whole, -1, part) + this.#half(whole + 1, 1, 1 - part);
      this.at += this.step * pace;
    }
    return index;
  }

  /**
   * What the samples on one side give to an output sample.
   * @param {number} place index of the nearest of them
   * @param {-1 | 1} way towards the farther ones
   * @param {number} distance of the nearest, in input samples
   */
  #half(place, way, distance) {
    const { held, kernel } = this;
    const where = distance * STEPS;
    const share = where - Math.floor(where);
    let sum = 0;
    for (let step = Math.floor(where); step < kernel.length - 1; step += STEPS, place += way) {
      const left = /** @type {number} */ (kernel[step]);
      const right = /** @type {number} */ (kernel[step + 1]);
      sum += /** @type {number} */ (held[place]) * (left + share * (right - left));
    }
    return sum;
  }

  /** @param {number} count */
  #makeRoom(count) {
    if (this.end + count <= this.held.length) return;
    const keep = Math.max(0, Math.floor(this.at) - this.reach);
    const rest = this.held.subarray(keep, this.end);
    const size = Math.max(this.held.length, 2 * (rest.length + count));
    const roomy = size === this.held.length ? this.held : new Float32Array(size);
    if (roomy === this.held) roomy.copyWithin(0, keep, this.end);
    else roomy.set(rest);
    this.held = roomy;
    this.end -= keep;
    this.at -= keep;
  }
}

/**
 * One half of the symmetric kernel: a sinc under a Blackman window, its sum over whole samples being 1.
 * @param {number} reach
 * @param {number} cutoff as a part of the input's Nyquist rate
 */
function makeKernel(reach, cutoff) {
  const table = new Float64Array(reach * STEPS + 1);
  for (let index = 0; index < table.length; index += 1) {
    const time = index / STEPS;
    const turn = Math.PI * cutoff * time;
    const sinc = index === 0 ? 1 : Math.sin(turn) / turn;
    const part = Math.PI * (time / reach);
    table[index] = cutoff * sinc * (0.42 + 0.5 * Math.cos(part) + 0.08 * Math.cos(2 * part));
  }
  return table;
}
