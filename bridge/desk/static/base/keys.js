// Keys by their place on the keyboard (event.code): the letters of Persian, Arabic and Latin layouts differ, places do
// not. What opens a microphone or seals takes two keys: F9 asks, Enter does, Esc backs out.
// @ts-check

/** @type {Map<string, (event: KeyboardEvent) => boolean | void>} */
const bindings = new Map();
/** @type {((event: KeyboardEvent) => boolean)[]} First answer wins; asked before the bindings. */
const before = [];

/** @param {{code: string, shiftKey: boolean, ctrlKey: boolean, altKey: boolean, metaKey: boolean}} event */
export function chord(event) {
  const held = [event.ctrlKey && "Ctrl", event.altKey && "Alt", event.shiftKey && "Shift", event.metaKey && "Meta"];
  return [...held.filter(Boolean), event.code].join("+");
}

/**
 * @param {string} keys such as `Shift+F4`
 * @param {(event: KeyboardEvent) => boolean | void} done false: not for me, the browser may have it
 */
export function bind(keys, done) {
  bindings.set(keys, done);
}

/** @param {(event: KeyboardEvent) => boolean} first true: it is done */
export function ahead(first) {
  before.unshift(first);
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.isComposing) return;
  if (!before.some((first) => first(event))) {
    const done = bindings.get(chord(event));
    if (!done || done(event) === false) return;
  }
  event.preventDefault();
  event.stopPropagation();
}

/** Held keys count once. @param {(event: KeyboardEvent) => boolean | void} done @returns {(event: KeyboardEvent) => boolean | void} */
export function once(done) {
  return (event) => (event.repeat ? true : done(event));
}

/** @param {EventTarget | null} target */
export function isTyping(target) {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type !== "checkbox");
}

export function start() {
  window.addEventListener("keydown", pressed, { capture: true });
}
