// The page's sentences in the operator's language; changed without a reload. A sentence keeps its values whole: each
// `{name}` becomes one left-to-right piece.
// @ts-check

import { direction, value } from "./dom.js";

/** @typedef {Record<string, string | number | Node>} Filling */

/** @type {Record<string, Record<string, string>>} */
const TABLES = {};
export const LANGUAGES = ["en", "ar", "fa"];
/** @type {WeakMap<Element, {key: string, filling: Filling}>} */
const bound = new WeakMap();
/** @type {WeakMap<Element, Map<string, string>>} */
const labels = new WeakMap();
/** @type {Set<() => void>} */
const watchers = new Set();
/** @type {Set<string>} Tables of screens that are opened late, beside the first table of each language. */
const parts = new Set();
/** @type {Set<string>} */
const learned = new Set();
let current = "en";

export function language() {
  return current;
}

/** @param {string} key */
export function has(key) {
  return key in (TABLES[current] ?? {});
}

/** A sentence without values. A key that nobody wrote a sentence for is shown as it stands. @param {string} key @returns {string} */
export function text(key) {
  return TABLES[current]?.[key] ?? key.slice(key.indexOf(".") + 1);
}

/** @param {string} key @param {Filling} [filling] @returns {(string | Node)[]} */
export function pieces(key, filling = {}) {
  const parts = text(key).split(/\{(\w+)\}/);
  return parts.map((part, index) => {
    if (index % 2 === 0) return part;
    const worth = filling[part];
    if (worth === undefined) return "";
    return worth instanceof Node ? worth : value(worth);
  });
}

/** Write a sentence into an element and write it again when the language changes. @template {Element} E @param {E} element @param {string} key @param {Filling} [filling] @returns {E} */
export function tell(element, key, filling = {}) {
  const old = bound.get(element);
  if (old && old.key === key && same(old.filling, filling)) return element;
  bound.set(element, { key, filling });
  element.setAttribute("data-t", "");
  element.replaceChildren(...pieces(key, filling));
  return element;
}

/** @param {Filling} one @param {Filling} other */
function same(one, other) {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

/** Take an element out of the care of `tell`: its text is a value now. @param {Element} element */
export function untell(element) {
  bound.delete(element);
  element.removeAttribute("data-t");
}

/** As `tell`, for an attribute such as aria-label. @template {Element} E @param {E} element @param {string} attribute @param {string} key @returns {E} */
export function name(element, attribute, key) {
  const known = labels.get(element) ?? new Map();
  labels.set(element, known);
  known.set(attribute, key);
  element.setAttribute("data-t", "");
  element.setAttribute(attribute, text(key));
  return element;
}

/** @param {Element} element */
function rewrite(element) {
  const sentence = bound.get(element);
  if (sentence) element.replaceChildren(...pieces(sentence.key, sentence.filling));
  for (const [attribute, key] of labels.get(element) ?? []) element.setAttribute(attribute, text(key));
}

/** @param {() => void} told after every change of the language */
export function onLanguage(told) {
  watchers.add(told);
}

/** Fetch the sentences of a language, once; whether they are there. @param {string} wanted */
export async function learn(wanted) {
  try {
    TABLES[wanted] ??= (await import(`../locale/${wanted}.js`)).default;
    for (const part of parts) await learnPart(wanted, part);
  } catch {
    return false; // the station does not answer; the page goes on in the language it has
  }
  return true;
}

/** @param {string} wanted @param {string} part */
async function learnPart(wanted, part) {
  const name = `${wanted}-${part}`;
  if (learned.has(name)) return;
  Object.assign(TABLES[wanted] ?? {}, (await import(`../locale/${name}.js`)).default);
  learned.add(name);
}

/** Fetch the sentences of a screen that is opened now, in every language that is spoken from now on; whether they are there. @param {string} part */
export function learnMore(part) {
  parts.add(part);
  return learn(current);
}

/** @param {string} wanted */
export async function speak(wanted) {
  const known = LANGUAGES.includes(wanted) ? wanted : "en";
  if (!(await learn(known))) return false;
  current = known;
  document.documentElement.lang = current;
  document.documentElement.dir = direction(current);
  for (const element of document.querySelectorAll("[data-t]")) rewrite(element);
  for (const told of watchers) told();
  return true;
}

export function next() {
  return speak(LANGUAGES[(LANGUAGES.indexOf(current) + 1) % LANGUAGES.length] ?? "en");
}
