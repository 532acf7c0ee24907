// What the recognisers heard, beside the pictures of the sound. Firm words stand; what was taken back is struck through
// with the new word beside it. A word is played by a click or by Enter. Scrolling up stops following; End returns.
// @ts-check

import { keepWords, valued } from "../base/bidi.js";
import { direction, keep, made, say, set, show, value } from "../base/dom.js";
import { moment, utcClock } from "../base/fmt.js";
import { bind, isTyping } from "../base/keys.js";
import { name, onLanguage, tell } from "../base/locale.js";
import { onPlaying, play } from "../base/player.js";
import { all, watch } from "../base/store.js";
import { leg } from "./hand.js";
import { whoOf } from "./line.js";

/** @typedef {import("../base/types.js").Caption} Caption */
/** @typedef {import("../base/types.js").Span} Span */
/** @typedef {{text: string, from_sample: number, to_sample: number, firm: boolean, was: string, doubt: string, unsure: boolean, isNew: boolean}} Said */

const SHOWN = 120;
const NEAR_PX = 24;
const RATE_HZ = 8000;
/** @type {Map<string, {caption: Caption, words: Said[]}>} */
const known = new Map();
let is_following = true;
/** @type {HTMLElement | null} The word that Enter plays. */
let cursor = null;

/** @param {Caption} caption */
function nameOf(caption) {
  return `${caption.leg}/${caption.utterance}`;
}

/** Each shown word with its samples; where the engine gave no times, spread evenly. @param {Caption} caption @returns {Said[]} */
function wordsOf(caption) {
  const texts = caption.text.split(/\s+/).filter(Boolean);
  const timed = caption.words.length === texts.length ? caption.words : null;
  const step = (caption.to_sample - caption.from_sample) / Math.max(1, texts.length);
  const said = texts.map((text, index) => ({
    text,
    from_sample: timed?.[index]?.from_sample ?? Math.round(caption.from_sample + index * step),
    to_sample: timed?.[index]?.to_sample ?? Math.round(caption.from_sample + (index + 1) * step),
    firm: caption.final || index < caption.firm_words,
    was: "",
    unsure: caption.marks.some((one) => index >= one.from_word && index < one.to_word),
    doubt: doubtAt(texts, caption.marks, index),
    isNew: false,
  }));
  for (const one of caption.revised) revise(said, one);
  return said;
}

/** Words as said: letters and digits alone, in one set of digits. @param {string} text */
function plain(text) {
  const digits = text.replace(/[٠-٩۰-۹]/g, (one) => String(one.charCodeAt(0) & 15));
  return digits.toLowerCase().replace(/[^\p{L}\p{N}\s]/gu, "").trim();
}

/**
 * What the second engine heard instead, once, behind the last word it stands for. Where it heard the same and only doubts
 * it, there is nothing to read.
 * @param {string[]} texts @param {{from_word: number, to_word: number, heard: string}[]} marks @param {number} index
 */
function doubtAt(texts, marks, index) {
  const mark = marks.find((one) => index === one.to_word - 1);
  if (!mark) return "";
  return plain(texts.slice(mark.from_word, mark.to_word).join(" ")) === plain(mark.heard) ? "" : mark.heard;
}

/** @param {Said[]} said @param {{was: string, now: string, at_word?: number}} change */
function revise(said, change) {
  // A mark behind a word, or more words after it, take nothing back of what was firm.
  if (`${plain(change.now)} `.startsWith(`${plain(change.was)} `)) return;
  const was = change.was.split(/\s+/).filter(Boolean);
  const found = change.at_word ?? said.findIndex((word) => word.text === change.now.split(/\s+/)[0]);
  let at = Math.min(Math.max(0, found), said.length - 1);
  let end = Math.min(said.length, at + change.now.split(/\s+/).filter(Boolean).length);
  // What stands there now was not taken back, whatever stood there in between.
  const same = (/** @type {string | undefined} */ one, /** @type {Said | undefined} */ word) => word !== undefined && plain(one ?? "") === plain(word.text);
  while (was.length && at < end && same(was[0], said[at])) {
    was.shift();
    at += 1;
  }
  while (was.length && at < end && same(was.at(-1), said[end - 1])) {
    was.pop();
    end -= 1;
  }
  const word = said[Math.min(at, said.length - 1)];
  if (!word || !was.length) return;
  word.was = [...word.was.split(" "), ...was].filter((one) => one && plain(one) !== plain(word.text)).join(" ");
  for (const one of said.slice(at, end)) one.isNew = true;
}

/** @param {Caption} caption */
function heardAt(caption) {
  const t0 = moment(leg(caption.leg)?.t0_utc);
  const rate_hz = leg(caption.leg)?.rate_hz ?? RATE_HZ;
  return Number.isFinite(t0) ? t0 + (caption.from_sample / rate_hz) * 1000 : moment(caption.heard_utc);
}

/** Captions in the order in which they were said. @returns {Caption[]} */
export function spoken() {
  /** @type {Caption[]} */
  const found = all("caption/");
  return found.sort((one, other) => heardAt(one) - heardAt(other)).slice(-SHOWN);
}

/** All words heard on some legs, in order, with their places. @param {string[]} legs @returns {(Said & {leg: string})[]} */
export function heardWords(legs) {
  const found = spoken().filter((one) => legs.includes(one.leg));
  return found.flatMap((one) => wordsOf(one).map((word) => ({ ...word, leg: one.leg })));
}

/** Where the word at the cursor begins, if it is on this leg. @param {string} wanted */
export function cursorSpan(wanted) {
  const place = cursor && placeOf(cursor);
  return place && place.leg === wanted ? place : null;
}

/** @param {HTMLElement} word @returns {Span | null} */
function placeOf(word) {
  const caption = known.get(word.closest("li")?.getAttribute("data-key") ?? "");
  const said = caption?.words[Number(word.dataset["key"])];
  return caption && said ? { leg: caption.caption.leg, from_sample: said.from_sample, to_sample: said.to_sample } : null;
}

/** @param {HTMLElement} word */
function playWord(word) {
  const place = placeOf(word);
  if (place) void play(place, leg(place.leg)?.rate_hz ?? RATE_HZ);
}

function madeWord() {
  return made("span", { class: "word" }, made("del", { hidden: true }), made("span", {}), made("bdi", { class: "doubt", hidden: true }));
}

/** Words that may hold a value, in the direction of the text they stand in. @param {HTMLElement} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.replaceChildren(...valued(text, /[\u0590-\u08ff]/.test(text) ? "fa" : "en"));
  if (text) set(element, "dir", /[\u0590-\u08ff]/.test(text) ? "rtl" : "ltr");
}

/** @param {HTMLElement} element @param {Said} word */
function showWord(element, word) {
  const [was, text, doubt] = /** @type {HTMLElement[]} */ ([...element.children]);
  if (!was || !text || !doubt) return;
  write(was, word.was);
  show(was, word.was !== "");
  say(text, word.text);
  write(doubt, word.doubt);
  show(doubt, word.doubt !== "");
  element.classList.toggle("soft", !word.firm);
  element.classList.toggle("new", word.isNew);
  element.classList.toggle("unsure", word.unsure);
}

/** @param {Caption} caption */
function madeCaption(caption) {
  const text = made("p", { class: "said" });
  return made("li", { class: "caption", "data-leg": caption.leg }, made("p", { class: "said-by" }, value(""), made("b", {})), text);
}

/** @param {HTMLElement} element @param {Caption} caption */
function showCaption(element, caption) {
  const old = known.get(nameOf(caption));
  const from = leg(caption.leg);
  const [head, text] = /** @type {HTMLElement[]} */ ([...element.children]);
  if (!head || !text || !head.firstElementChild || !head.lastElementChild) return;
  say(head.firstElementChild, utcClock(heardAt(caption)));
  say(head.lastElementChild, from ? whoOf(from) : caption.leg);
  set(element, "data-role", from?.role ?? "");
  set(element, "data-final", String(caption.final));
  if (old?.caption === caption) return;
  const words = wordsOf(caption);
  known.set(nameOf(caption), { caption, words });
  set(text, "dir", direction(caption.language));
  set(text, "lang", caption.language);
  keepWords(text, words, (word) => word.text, caption.language, madeWord, showWord);
}

/** @param {HTMLElement} list @param {(word: HTMLElement) => void} put */
function steer(list, put) {
  list.addEventListener("click", (event) => {
    const word = event.target instanceof Element ? event.target.closest(".word") : null;
    if (!(word instanceof HTMLElement)) return;
    put(word);
    playWord(word);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.code];
    if (event.ctrlKey || event.altKey) return;
    if (event.code === "Enter" && cursor) {
      if (!event.repeat) playWord(cursor);
    } else if (step) {
      const words = /** @type {HTMLElement[]} */ ([...list.querySelectorAll(".word")]);
      const here = cursor ? words.indexOf(cursor) : words.length;
      // As seen: in a text from right to left the key to the left goes forward.
      const turn = cursor?.closest('[dir="rtl"]') ? -step : step;
      const next = words[Math.max(0, Math.min(words.length - 1, here + turn))];
      if (next) put(next);
    } else return;
    event.preventDefault();
  });
}

/** @param {HTMLElement} parent */
export function start(parent) {
  const title = made("h2", { class: "unseen", id: "captions-title" });
  tell(title, "captions.title");
  const list = made("ol", { class: "captions", tabindex: "0", "aria-labelledby": "captions-title", "data-scrolls": true });
  const none = made("p", { class: "nobody" });
  tell(none, "captions.none");
  const jump = made("button", { type: "button", class: "jump", hidden: true });
  tell(jump, "captions.jump");
  parent.append(title, none, list, jump);

  const toLatest = () => {
    is_following = true;
    list.scrollTop = list.scrollHeight;
    show(jump, false);
  };
  const redraw = () => {
    const shown = spoken();
    keep(list, shown, nameOf, madeCaption, showCaption);
    for (const key of known.keys()) if (!shown.some((one) => nameOf(one) === key)) known.delete(key);
    show(none, shown.length === 0);
    show(list, shown.length > 0);
    if (is_following) list.scrollTop = list.scrollHeight;
  };
  /** @param {HTMLElement} word */
  const put = (word) => {
    if (cursor) for (const attribute of ["tabindex", "role"]) cursor.removeAttribute(attribute);
    cursor = word;
    word.tabIndex = -1;
    word.setAttribute("role", "button");
    word.focus({ preventScroll: false });
  };
  list.addEventListener("scroll", () => {
    const away = list.scrollHeight - list.clientHeight - list.scrollTop;
    is_following = away < NEAR_PX;
    show(jump, !is_following);
  });
  jump.addEventListener("click", toLatest);
  name(list, "title", "captions.keys");
  steer(list, put);
  bind("End", (event) => (isTyping(event.target) ? false : toLatest()));
  watch("caption/", redraw);
  watch("leg/", redraw);
  onLanguage(redraw);
  onPlaying((span, at) => lightPlayed(list, span, at));
  redraw();
}

/** Show the word that is being played. @param {HTMLElement} list @param {Span | null} span @param {number} at */
function lightPlayed(list, span, at) {
  for (const word of list.querySelectorAll(".playing")) word.classList.remove("playing");
  if (!span) return;
  for (const [key, { caption, words }] of known) {
    if (caption.leg !== span.leg || at < caption.from_sample || at > caption.to_sample) continue;
    const index = words.findIndex((word) => at >= word.from_sample && at < word.to_sample);
    list.querySelector(`li[data-key="${CSS.escape(key)}"] .word[data-key="${index}"]`)?.classList.add("playing");
  }
}
