// Plays recorded audio in the operator's ear and tells what of it was really heard. Only what ran through the
// loudspeaker counts: a skipped second was not heard.
// @ts-check

/** @typedef {import("./types.js").Span} Span */

const LEAD_S = 0.5;
const BACK_S = 3;
const audio = new Audio();
audio.preload = "auto";
/** @type {{span: Span, rate_hz: number, from: number} | null} */
let playing = null;
/** @type {Set<(spans: Span[]) => void>} */
const hearers = new Set();
/** @type {Set<(span: Span | null, at: number) => void>} */
const watchers = new Set();
/** @type {((was_whole: boolean) => void) | null} */
let settle = null;

/** @param {(spans: Span[]) => void} hearer told what was heard, when playing pauses or ends */
export function onHeard(hearer) {
  hearers.add(hearer);
}

/** @param {(span: Span | null, at: number) => void} watcher told where playing is, in samples; null: nothing plays */
export function onPlaying(watcher) {
  watchers.add(watcher);
}

export function isPlaying() {
  return playing !== null && !audio.paused;
}

/**
 * Play samples of a leg, from half a second before.
 * @param {Span} span @param {number} rate_hz
 * @returns {Promise<boolean>} whether all of it was heard
 */
export function play(span, rate_hz) {
  stop();
  const from = Math.max(0, span.from_sample - Math.round(LEAD_S * rate_hz));
  playing = { span, rate_hz, from };
  const path = span.leg.split("/").map(encodeURIComponent).join("/");
  audio.src = `/api/audio/${path}?from=${from}&to=${span.to_sample}`;
  return new Promise((done) => {
    settle = done;
    audio.play().catch(() => finish(false));
  });
}

export function stop() {
  if (!playing) return;
  audio.pause();
  finish(false);
}

/** Go back some seconds in what plays now. */
export function back() {
  if (!playing) return false;
  audio.currentTime = Math.max(0, audio.currentTime - BACK_S);
  return true;
}

/** @param {boolean} was_whole */
function finish(was_whole) {
  const ended = playing;
  playing = null;
  if (!ended) return;
  const spans = ranges(ended);
  if (spans.length) for (const hearer of hearers) hearer(spans);
  for (const watcher of watchers) watcher(null, 0);
  const told = settle;
  settle = null;
  told?.(was_whole);
}

/** @param {{span: Span, rate_hz: number, from: number}} ended @returns {Span[]} */
function ranges(ended) {
  const found = [];
  for (let index = 0; index < audio.played.length; index += 1) {
    const whole = audio.ended && index === audio.played.length - 1;
    const from_sample = ended.from + Math.round(audio.played.start(index) * ended.rate_hz);
    // Less may be recorded by now than was asked for: what was played to its end is as long as what came.
    const until = whole ? ended.from + Math.round(audio.duration * ended.rate_hz) : ended.from + Math.floor(audio.played.end(index) * ended.rate_hz);
    const to_sample = Math.min(until, ended.span.to_sample);
    if (from_sample < to_sample) found.push({ leg: ended.span.leg, from_sample, to_sample });
  }
  return found;
}

audio.addEventListener("ended", () => finish(true));
audio.addEventListener("error", () => finish(false));
audio.addEventListener("timeupdate", () => {
  const now = playing;
  if (now) for (const watcher of watchers) watcher(now.span, now.from + Math.round(audio.currentTime * now.rate_hz));
});
