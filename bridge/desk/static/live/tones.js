// Sounds of the alarms, in the operator's own ear: made here, never sent to a line. Browsers keep silent until the first
// key or click; that the sound is off is itself shown.
// @ts-check

const NOTES = { HIGH: [880, 660, 880, 660, 880], MEDIUM: [660, 550, 440], LOW: [440] };
const NOTE_S = 0.16;
const LOUD = 0.12;
/** @type {AudioContext | null} */
let context = null;
let is_wanted = true;
/** @type {Set<() => void>} */
const watchers = new Set();

/** @param {() => void} told */
export function onSound(told) {
  watchers.add(told);
}

function tellAll() {
  for (const told of watchers) told();
}

export function isOn() {
  return is_wanted && context?.state === "running";
}

/** A key or a click: the browser allows sound from now on. */
export function wake() {
  if (!context) {
    context = new AudioContext();
    context.onstatechange = tellAll;
  }
  if (context.state === "suspended") void context.resume().then(tellAll);
}

export function toggle() {
  is_wanted = !is_wanted;
  wake();
  tellAll();
}

/** @param {"HIGH" | "MEDIUM" | "LOW"} priority @param {number} [times] */
export function sound(priority, times = 1) {
  if (!context || !isOn()) return false;
  let at = context.currentTime + 0.02;
  for (const hertz of Array.from({ length: times }, () => NOTES[priority]).flat()) {
    const tone = new OscillatorNode(context, { frequency: hertz, type: priority === "HIGH" ? "square" : "sine" });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setTargetAtTime(LOUD, at, 0.01);
    gain.gain.setTargetAtTime(0, at + NOTE_S - 0.04, 0.01);
    tone.connect(gain).connect(context.destination);
    tone.start(at);
    tone.stop(at + NOTE_S);
    at += NOTE_S;
  }
  return true;
}

export function start() {
  for (const kind of ["keydown", "pointerdown"]) window.addEventListener(kind, wake, { capture: true, passive: true });
}
