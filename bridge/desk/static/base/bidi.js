// Values inside sentences that run from right to left. Numbers, positions and call signs stay whole and in their own
// order only as one left-to-right piece each; a piece for every word would still turn a pair round.
// @ts-check

import { direction, keep, made, value } from "./dom.js";

// Local digits are no letters: a position in them is torn like any other.
const RTL_LETTER = /[\u0590-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufefc]/;
const VALUE_SIGN = /[0-9A-Za-z\u0660-\u0669\u06f0-\u06f9]/;
const WHOLE_WORDS = 5;
const [ISOLATE, END] = ["\u2066", "\u2069"];
const MARKS = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;

/** @typedef {{is_value: boolean, first: number, count: number}} Run */

/** @param {string} word */
function isValue(word) {
  return VALUE_SIGN.test(word) && !RTL_LETTER.test(word);
}

/** Runs of words that are values and runs of words that are not; in a left-to-right language there is one. @param {string[]} words @param {string} language @returns {Run[]} */
export function runs(words, language) {
  if (direction(language) === "ltr") return words.length ? [{ is_value: false, first: 0, count: words.length }] : [];
  /** @type {Run[]} */
  const found = [];
  words.forEach((word, index) => {
    const last = found.at(-1);
    if (last && last.is_value === isValue(word)) last.count += 1;
    else found.push({ is_value: isValue(word), first: index, count: 1 });
  });
  return found;
}

/** Text with its values whole. @param {string} text @param {string} language @returns {(string | Node)[]} */
export function valued(text, language) {
  const words = text.split(" ");
  return runs(words, language).flatMap((run, index) => {
    const part = words.slice(run.first, run.first + run.count).join(" ");
    return [index ? " " : "", run.is_value ? value(part) : part];
  });
}

/**
 * Keep one element a word in `parent`, values grouped. `data-key` of a word is its number in the text.
 * @template W
 * @param {HTMLElement} parent @param {readonly W[]} words @param {(word: W) => string} text @param {string} language
 * @param {() => HTMLElement} make @param {(element: HTMLElement, word: W, index: number) => void} update
 */
export function keepWords(parent, words, text, language, make, update) {
  const found = runs(words.map(text), language);
  keep(
    parent,
    found,
    (run) => `${run.is_value ? "v" : "w"}${run.first}`,
    (run) => (run.is_value ? made("bdi", { dir: "ltr", class: run.count > WHOLE_WORDS ? "" : "value" }) : made("span", {})),
    (element, run) => {
      element.classList.toggle("value", run.is_value && run.count <= WHOLE_WORDS);
      const items = words.slice(run.first, run.first + run.count).map((word, at) => ({ word, index: run.first + at }));
      keep(element, items, (one) => String(one.index), make, (span, one) => update(span, one.word, one.index));
      space(element);
    },
  );
  space(parent);
}

/** One blank between two children and none elsewhere, whatever stood between words that are gone. @param {HTMLElement} parent */
function space(parent) {
  for (const node of [...parent.childNodes]) {
    const is_between = node.previousSibling instanceof Element && node.nextSibling instanceof Element;
    if (!(node instanceof Element) && !is_between) node.remove();
  }
  for (const child of parent.children) if (child.nextSibling instanceof Element) child.after(" ");
}

/** For a text field, which takes no elements: invisible marks around values, for the eye alone. @param {string} text @param {string} language */
export function isolated(text, language) {
  const plain = unmarked(text);
  if (direction(language) === "ltr") return plain;
  return plain.replace(/[^\s\u0590-\u08ff\ufb1d-\ufefc]+(?: +[^\s\u0590-\u08ff\ufb1d-\ufefc]+)*/g, (run) =>
    VALUE_SIGN.test(run) ? `${ISOLATE}${run}${END}` : run,
  );
}

/** Without invisible direction marks: what is sealed has none. @param {string} text */
export function unmarked(text) {
  return text.replace(MARKS, "");
}
