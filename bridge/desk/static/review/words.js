// Words of the record that can be heard: a click or Enter plays one from half a second before. Left and right go from word
// to word as they are seen, up and down from one utterance to the next.
// @ts-check

import { keepWords } from "../base/bidi.js";
import { direction, made, say, set, value } from "../base/dom.js";
import { moment, utcClock } from "../base/fmt.js";
import { name } from "../base/locale.js";
import { play } from "../base/player.js";

/** @typedef {import("./forms.js").Utterance} Utterance */
/** @typedef {import("../base/types.js").Span} Span */
/** @typedef {{sign: string, certain: boolean}} Mark */

const RATE_HZ = 8000;
/** @type {WeakMap<Element, {span: Span, rate_hz: number}>} */
const sounds = new WeakMap();

/** Say what an element sounds like. @template {Element} E @param {E} element @param {Span} span @param {number} rate_hz @returns {E} */
export function sounding(element, span, rate_hz) {
  sounds.set(element, { span, rate_hz: rate_hz || RATE_HZ });
  element.setAttribute("data-sounds", "");
  return element;
}

/** @param {Element | null} element */
function sound(element) {
  const known = element ? sounds.get(element) : undefined;
  if (known) void play(known.span, known.rate_hz);
  return known !== undefined;
}

/** Let the words in `box` be played. @param {HTMLElement} box */
export function hearable(box) {
  set(box, "tabindex", "0");
  if (!box.matches("ul, ol")) set(box, "role", "group");
  box.addEventListener("click", (event) => {
    const word = event.target instanceof Element ? event.target.closest("[data-sounds]") : null;
    if (word && sound(word)) move(box, word);
  });
  box.addEventListener("keydown", (event) => {
    if (event.target !== box || event.ctrlKey || event.altKey) return;
    if (pressed(box, event.code)) event.preventDefault();
  });
}

/** @param {HTMLElement} box @param {string} code */
function pressed(box, code) {
  const all = [...box.querySelectorAll("[data-sounds]")];
  const here = box.querySelector("[data-cursor]");
  const at = here ? all.indexOf(here) : -1;
  if (code === "Enter" || code === "NumpadEnter") return sound(here ?? all[0] ?? null);
  const text = here?.closest(".said-row")?.querySelector(".said-words") ?? box;
  const forth = getComputedStyle(text).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  const back = forth === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
  if (code === forth) return move(box, all[Math.min(at + 1, all.length - 1)]);
  if (code === back) return move(box, all[Math.max(at - 1, 0)]);
  if (code !== "ArrowDown" && code !== "ArrowUp") return false;
  const rows = [...box.querySelectorAll(".said-row")];
  const row = here ? rows.indexOf(/** @type {Element} */ (here.closest(".said-row"))) : -1;
  const next = rows[Math.max(0, row + (code === "ArrowDown" ? 1 : -1))];
  return move(box, next?.querySelector("[data-sounds]"));
}

/** @param {HTMLElement} box @param {Element | null | undefined} word */
function move(box, word) {
  if (!word) return false;
  box.querySelector("[data-cursor]")?.removeAttribute("data-cursor");
  word.setAttribute("data-cursor", "");
  word.scrollIntoView({ block: "nearest" });
  return true;
}

/** Samples of each word; spread evenly where no engine timed them. @param {Utterance} said */
export function timed(said) {
  const texts = said.text.split(/\s+/).filter(Boolean);
  const times = said.words.length === texts.length ? said.words : null;
  const step = (said.to_sample - said.from_sample) / Math.max(1, texts.length);
  return texts.map((text, index) => {
    const from_sample = times?.[index]?.from_sample ?? Math.round(said.from_sample + index * step);
    const to_sample = times?.[index]?.to_sample ?? Math.round(said.from_sample + (index + 1) * step);
    return { text, from_sample, to_sample: Math.max(from_sample + 1, to_sample) };
  });
}

/**
 * One utterance with its time.
 * @param {Utterance} said @param {string} leg @param {number} rate_hz @param {string} language @param {string} utc
 * @param {(index: number) => Mark | null} marked
 */
export function row(said, leg, rate_hz, language, utc, marked) {
  const at = value(utcClock(moment(utc)));
  sounding(at, { leg, from_sample: said.from_sample, to_sample: said.to_sample }, rate_hz);
  at.classList.add("said-at");
  const text = made("span", { class: "said-words", dir: direction(language), lang: language || "und" });
  keepWords(text, timed(said), (one) => one.text, language, () => made("span", { class: "word" }, made("span", {})), (element, one, index) => {
    sounding(element, { leg, from_sample: one.from_sample, to_sample: one.to_sample }, rate_hz);
    showMark(element, one.text, marked(index));
  });
  const line = made("div", { class: "said-row" }, at, text);
  if (said.unclear) line.append(name(made("span", { class: "sign", role: "img" }, "?"), "aria-label", "review.unclear"));
  return line;
}

/** A whole word with its sign. @param {HTMLElement} element @param {string} text @param {Mark | null} mark */
export function showMark(element, text, mark) {
  if (element.firstElementChild) say(element.firstElementChild, text);
  set(element, "data-sign", mark ? mark.sign : false);
  set(element, "data-certain", mark ? String(mark.certain) : false);
}
