// A page with nothing on it but the voice, and what a test wants to know of it.

import { Voice } from "../sound/voice.js";

/** Samples below are silence between clicks. */
const LOUD = 0.2;
const APART_S = 0.15;

const raw = new URLSearchParams(location.search).has("raw");
const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** @type {import("../sound/voice.js").VoiceState[]} */
const states = [];
const voice = new Voice("/voice", (state) => states.push(state), raw ? { audio } : {});

/** @type {{name: string, times: {contextTime: number, performanceTime: number}[], played: {time: number, samples: Float32Array}[], asked: number, granted: number}} */
const seen = { name: "", times: [], played: [], asked: 0, granted: 0 };

/**
 * @param {AudioContext} context
 * @param {AudioNode} node
 * @param {{time: number, samples: Float32Array}[]} into
 */
function listen(context, node, into) {
  const probe = new AudioWorkletNode(context, "probe", { numberOfInputs: 1, numberOfOutputs: 0 });
  probe.port.onmessage = (event) => into.push(event.data);
  node.connect(probe);
}

const now = () => performance.timeOrigin + performance.now();
const opened = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
/** Notes between which two moments the microphone began. @param {MediaStreamConstraints} [wanted] */
navigator.mediaDevices.getUserMedia = async (wanted) => {
  seen.asked = now();
  const stream = await opened(wanted);
  seen.granted = now();
  return stream;
};

async function start() {
  // The first opening of a device loads the browser's audio service; only the second is as quick as all later ones.
  for (const track of (await opened({ audio: true })).getTracks()) track.stop();
  await voice.start();
  const graph = voice.graph;
  if (graph === null) throw new Error("no graph");
  await graph.context.audioWorklet.addModule("/page/probe.js");
  listen(graph.context, graph.loudspeaker, seen.played);
  setInterval(() => {
    const { contextTime, performanceTime } = graph.context.getOutputTimestamp();
    seen.times.push({ contextTime: contextTime ?? 0, performanceTime: performanceTime ?? 0 });
  }, 100);
  seen.name = "started";
}

/** Wall-clock milliseconds at which a sample of the context leaves the loudspeaker. @param {number} time */
function wall(time) {
  const best = seen.times.reduce((a, b) => (Math.abs(a.contextTime - time) <= Math.abs(b.contextTime - time) ? a : b));
  return performance.timeOrigin + best.performanceTime + (time - best.contextTime) * 1000;
}

/** First loud sample after each silence, in wall-clock milliseconds. @param {{time: number, samples: Float32Array}[]} chunks */
function clicks(chunks) {
  const rate = voice.graph?.context.sampleRate ?? 48000;
  const found = [];
  let quiet = 0;
  for (const { time, samples } of chunks) {
    for (let index = 0; index < samples.length; index += 1) {
      if (Math.abs(/** @type {number} */ (samples[index])) < LOUD) quiet += 1;
      else {
        if (quiet > APART_S * rate) found.push(wall(time + index / rate));
        quiet = 0;
      }
    }
  }
  return found;
}

/** What was played: 16-bit samples at the context's rate, in base64. */
function played() {
  const parts = [];
  for (const { samples } of seen.played) {
    const pcm = Int16Array.from(samples, (sample) => Math.round(sample * 32767));
    parts.push(String.fromCharCode(...new Uint8Array(pcm.buffer)));
  }
  return btoa(parts.join(""));
}

document.getElementById("start")?.addEventListener("click", () => {
  start().catch((error) => {
    seen.name = `${error.name}: ${error.message}`;
  });
});

Object.assign(window, {
  voice,
  states,
  seen,
  played,
  clicksPlayed: () => clicks(seen.played),
  now,
});
