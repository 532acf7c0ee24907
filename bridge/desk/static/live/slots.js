// The critical items of a text: each is listened to and found as written, or typed once more. F8 goes to the next open one
// and plays it.
// @ts-check

import { valued } from "../base/bidi.js";
import { direction, keep, made, say, set, show } from "../base/dom.js";
import { name, tell } from "../base/locale.js";
import { act } from "../base/net.js";
import { play } from "../base/player.js";
import { heardWords } from "./captions.js";
import { inHand, leg, takes } from "./hand.js";

/** @typedef {import("../base/types.js").Slot} Slot */
/** @typedef {import("../base/types.js").Message} Message */
/** @typedef {import("../base/types.js").Span} Span */

const SIGNS = { open: "○", heard: "✓", typed: "⌨" };
const RATE_HZ = 8000;
/** @type {Set<string>} Items of the message in hand whose audio was played to its end since the item was last open. */
const played = new Set();
let at = "";
/** @type {Set<() => void>} */
const watchers = new Set();

/** @param {() => void} told */
export function onSlots(told) {
  watchers.add(told);
}

function tellAll() {
  for (const told of watchers) told();
}

/** @param {Message | null} message */
function open(message) {
  return (message?.slots ?? []).filter((one) => one.state === "open");
}

/** The open item to be done next; empty if there is none. @param {Message} message */
export function openSlot(message) {
  const left = open(message);
  return left.find((one) => one.id === at)?.id ?? left[0]?.id ?? "";
}

/** The item under the cursor, once its audio was played. @param {Message} message */
export function heardSlot(message) {
  const id = open(message).find((one) => one.id === at)?.id ?? "";
  return played.has(`${message.subject} ${id}`) ? id : "";
}

/** Letters and digits that look alike count as one, for finding words again. @param {string} word */
export function folded(word) {
  const digits = word.replace(/[٠-٩۰-۹]/g, (one) => String(one.charCodeAt(0) & 15));
  const letters = digits.replace(/[يى]/g, "ی").replace(/ك/g, "ک").replace(/[\u064b-\u0652\u0640\u200c]/g, "");
  return letters.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
}

/**
 * Where words of a text were said: the same words if they were heard, else the part of the audio as far along as they
 * stand in the text.
 * @param {string} wanted @param {string[]} legs @param {number} along 0 to 1
 * @returns {Span | null}
 */
export function whereSaid(wanted, legs, along) {
  const words = heardWords(legs);
  const parts = wanted.split(/\s+/).map(folded).filter(Boolean);
  const places = words.map((_, index) => index).filter((index) => folded(words[index]?.text ?? "") === parts[0]);
  const here = along * words.length;
  const best = places.sort((one, other) => Math.abs(one - here) - Math.abs(other - here))[0];
  const first = words[best ?? Math.max(0, Math.min(words.length - 1, Math.round(here) - 2))];
  if (!first) return null;
  const until = words.slice((best ?? Math.round(here)) + Math.max(0, parts.length - 1) + 1).find((word) => word.leg === first.leg);
  const to_sample = until?.from_sample ?? words.filter((word) => word.leg === first.leg).at(-1)?.to_sample ?? first.to_sample;
  return { leg: first.leg, from_sample: first.from_sample, to_sample: Math.max(to_sample, first.to_sample) };
}

/** @param {Message} message @param {Slot} slot */
async function listen(message, slot) {
  const text = message.draft?.text ?? message.sealed?.text ?? "";
  const along = Math.max(0, text.indexOf(slot.text)) / Math.max(1, text.length);
  const place = whereSaid(slot.text, message.legs, along);
  if (!place) return;
  const was_whole = await play(place, leg(place.leg)?.rate_hz ?? RATE_HZ);
  if (was_whole) played.add(`${message.subject} ${slot.id}`);
  tellAll();
}

/** @param {Message} message @param {string} id */
function put(message, id) {
  at = id;
  const slot = message.slots?.find((one) => one.id === id);
  if (slot) void listen(message, slot);
  tellAll();
}

/** Go to the next open item, or the one before, and play it. @param {number} step */
export function toNext(step) {
  const message = inHand();
  const left = open(message);
  if (!message || left.length === 0) return;
  const here = left.findIndex((one) => one.id === at);
  const next = left[here < 0 ? (step > 0 ? 0 : left.length - 1) : (here + step + left.length) % left.length];
  if (!next) return;
  put(message, next.id);
  document.querySelector(`.slot[data-key="${CSS.escape(next.id)}"]`)?.scrollIntoView({ block: "nearest" });
}

/** The item under the cursor is as written. @param {Message} message */
export function tick(message) {
  const id = heardSlot(message);
  return id ? act("SlotHeard", message.subject, { slot: id }) : Promise.resolve(null);
}

class SlotRow {
  constructor() {
    this.id = "";
    this.sign = made("span", { class: "sign", "aria-hidden": "true" });
    this.kind = made("span", { class: "slot-kind" });
    this.text = made("bdi", { class: "slot-text" });
    this.state = made("span", { class: "slot-state" });
    this.play = made("button", { type: "button", class: "small" });
    this.heard = made("button", { type: "button", class: "small" });
    this.typed = made("input", { class: "slot-typed", dir: "auto", autocomplete: "off", spellcheck: "false", maxlength: "120" });
    tell(this.play, "slot.play");
    tell(this.heard, "slot.as-written");
    name(this.typed, "aria-label", "slot.type");
    name(this.typed, "placeholder", "slot.type");
    this.element = made("li", { class: "slot" }, this.sign, this.kind, this.text, this.state, this.play, this.heard, this.typed);
    this.play.addEventListener("click", () => this.about((message) => put(message, this.id)));
    this.heard.addEventListener("click", () => this.about((message) => void tick(message)));
    this.typed.addEventListener("keydown", (event) => {
      if (event.code !== "Enter" || event.repeat) return;
      event.preventDefault();
      this.about((message) => void this.send(message));
    });
  }

  /** @param {(message: Message) => void} done */
  about(done) {
    const message = inHand();
    if (message) done(message);
  }

  /** @param {Message} message */
  async send(message) {
    const worth = this.typed.value.trim();
    if (!worth) return;
    await act("SlotTyped", message.subject, { slot: this.id, value: worth });
    this.typed.value = "";
  }

  /** @param {Message} message @param {Slot} slot */
  show(message, slot) {
    this.id = slot.id;
    say(this.sign, SIGNS[slot.state]);
    tell(this.kind, `slot.${slot.kind}`);
    if (this.text.textContent !== slot.text) this.text.replaceChildren(...valued(slot.text, message.language));
    set(this.text, "dir", direction(message.language));
    set(this.text, "lang", message.language);
    tell(this.state, `slot.state.${slot.state}`);
    set(this.element, "data-state", slot.state);
    const here = slot.id === at && slot.state === "open";
    set(this.element, "aria-current", here ? "true" : false);
    const is_open = slot.state === "open";
    show(this.play, is_open && takes(message, "SlotHeard"));
    show(this.heard, is_open && here && heardSlot(message) === slot.id);
    show(this.typed, is_open && here && takes(message, "SlotTyped"));
  }
}

/** @type {Map<string, SlotRow>} */
const rows = new Map();

export class SlotList {
  constructor() {
    this.count = made("span", { class: "count" });
    this.title = made("h3", {});
    this.list = made("ul", { class: "slots", "data-scrolls": true, tabindex: "0" });
    name(this.list, "aria-label", "slots.title");
    this.element = made("div", { class: "slot-box" }, made("p", { class: "box-head" }, this.title, this.count), this.list);
    tell(this.title, "slots.title");
  }

  /** @param {Message} message */
  show(message) {
    const slots = message.slots ?? [];
    const left = open(message).length;
    tell(this.count, message.slots === null ? "slots.unknown" : "slots.left", { left, all: slots.length });
    keep(
      this.list,
      slots,
      (slot) => slot.id,
      (slot) => {
        const row = new SlotRow();
        rows.set(slot.id, row);
        return row.element;
      },
      (_, slot) => rows.get(slot.id)?.show(message, slot),
    );
  }
}

/** Another message has other items. */
export function forget() {
  at = "";
  rows.clear();
}
