// What stands in a field and is part of no act yet. The station keeps it a moment after the last key, so that neither a
// page nor a desk that dies takes it along; it counts only as long as the station's own worth is the one it was typed over.
// @ts-check

import { duty, inTurn } from "../base/net.js";
import { section } from "../base/store.js";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */
/** @typedef {{about: string, over: string, timer: number}} Typing */

const QUIET_MS = 400;
/** A slip is typed for minutes, and sent whole each time. */
const LONG_QUIET_MS = 1500;
/** The station takes no longer one; such a one lives in this page. */
const LONGEST = 7000;
/** Fields that somebody has changed here since they were begun. @type {WeakMap<Field, Typing>} */
const touched = new WeakMap();
/** What a field is about and what the station holds there. @type {WeakMap<Field, {about: string, over: string}>} */
const begun = new WeakMap();
/** @type {Map<string, {value: string, over: string}>} */
const long = new Map();

/** @param {Field} field */
function isTick(field) {
  return field instanceof HTMLInputElement && field.type === "checkbox";
}

/** @param {Field} field */
function worthOf(field) {
  if (field instanceof HTMLInputElement && isTick(field)) return field.checked ? "yes" : "";
  return field.value;
}

/** @param {Field} field @param {string} worth */
function write(field, worth) {
  if (worthOf(field) === worth) return false;
  if (field instanceof HTMLInputElement && isTick(field)) field.checked = worth !== "";
  else field.value = worth;
  return true;
}

/** @param {Field} field @param {{about: string, over: string}} place */
function send(field, { about, over }) {
  const value = worthOf(field);
  long.delete(`${about} ${field.id}`);
  if (value.length > LONGEST) long.set(`${about} ${field.id}`, { value, over });
  else void inTurn(`${about} ${field.id}`, () => duty("FieldTyped", { subject: about, field: field.id, value, over }));
}

/** @param {Field} field */
function keep(field) {
  const typing = touched.get(field);
  if (!typing?.timer) return;
  window.clearTimeout(typing.timer);
  typing.timer = 0;
  send(field, typing);
}

/** Have the station keep what is typed here. @template {Field} F @param {F} field @returns {F} */
export function kept(field) {
  const quiet = field instanceof HTMLTextAreaElement ? LONG_QUIET_MS : QUIET_MS;
  field.addEventListener("input", () => {
    const now = begun.get(field);
    if (!now) return;
    window.clearTimeout(touched.get(field)?.timer);
    touched.set(field, { ...now, timer: window.setTimeout(() => keep(field), quiet) });
  });
  field.addEventListener("change", () => keep(field));
  return field;
}

/** @param {Field} field */
export function isTouched(field) {
  return touched.has(field);
}

/** What somebody typed there, if the station's own worth is still the one it was typed over. @param {string} about @param {string} id @param {string} over @returns {string | null} */
function typedOver(about, id, over) {
  const known = long.get(`${about} ${id}`) ?? section("duty")?.typed?.[about]?.[id];
  return known && known.over === over ? known.value : null;
}

/** @param {Field} field @param {string} worth */
function takes(field, worth) {
  return !(field instanceof HTMLSelectElement) || [...field.options].some((one) => one.value === worth);
}

/**
 * Show in a field what was typed, else what the station holds. What is typed here is the operator's until the field is
 * about something else, or the station holds something else.
 * @param {Field} field @param {string} about a message, a leg or a place of the page @param {string} worth what the station holds
 * @returns {boolean} whether the field shows something else now
 */
export function follow(field, about, worth) {
  const typing = touched.get(field);
  if (typing && typing.about !== about) {
    keep(field);
    touched.delete(field);
  } else if (typing && typing.over !== worth && !typing.timer && document.activeElement !== field) touched.delete(field);
  begun.set(field, { about, over: worth });
  if (touched.has(field)) return false;
  const typed = typedOver(about, field.id, worth);
  return write(field, typed !== null && takes(field, typed) ? typed : worth);
}

/** What stood there has become part of an act. @param {Field} field */
export function cleared(field) {
  window.clearTimeout(touched.get(field)?.timer);
  touched.delete(field);
  const known = begun.get(field);
  if (write(field, "") && known) send(field, known);
}
