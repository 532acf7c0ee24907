// One way to write numbers, times and values: Latin digits, Gregorian, UTC, whatever the page's language. No Intl here:
// browsers answer ar and fa with local digits, another calendar or mixed separators.
// @ts-check

const MINUTE_MS = 60_000;

/** @param {number} number @param {number} [width] */
export function padded(number, width = 2) {
  return String(Math.trunc(number)).padStart(width, "0");
}

/** A moment from the server; NaN where there is none. @param {string | null | undefined} iso */
export function moment(iso) {
  return iso ? Date.parse(iso) : Number.NaN;
}

/** 10:05:12Z @param {number} ms @param {boolean} [seconds] */
export function utcClock(ms, seconds = true) {
  if (!Number.isFinite(ms)) return "--:--Z";
  const at = new Date(ms);
  const short = `${padded(at.getUTCHours())}:${padded(at.getUTCMinutes())}`;
  return seconds ? `${short}:${padded(at.getUTCSeconds())}Z` : `${short}Z`;
}

/** 2026-11-23 10:05:12Z @param {number} ms */
export function utcMoment(ms) {
  if (!Number.isFinite(ms)) return "--";
  const at = new Date(ms);
  return `${at.getUTCFullYear()}-${padded(at.getUTCMonth() + 1)}-${padded(at.getUTCDate())} ${utcClock(ms)}`;
}

/** +03:30 @param {number} minutes */
export function offset(minutes) {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${padded(size / 60)}:${padded(size % 60)}`;
}

/** 14:05 +04:00: local time, marked as such by its offset. @param {number} ms @param {number} minutes */
export function localClock(ms, minutes) {
  if (!Number.isFinite(ms)) return "--:--";
  return `${utcClock(ms + minutes * MINUTE_MS, false).slice(0, -1)} ${offset(minutes)}`;
}

/** 1:02:05 or 2:05; a minus sign where the time is over. @param {number} ms */
export function span(ms) {
  if (!Number.isFinite(ms)) return "--";
  const all = Math.floor(Math.abs(ms) / 1000);
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const text = hours ? `${hours}:${padded(minutes)}:${padded(seconds)}` : `${minutes}:${padded(seconds)}`;
  return ms < 0 ? `-${text}` : text;
}

/** 1.2 s @param {number} ms */
export function seconds(ms) {
  return Number.isFinite(ms) ? `${(ms / 1000).toFixed(1)} s` : "--";
}

/** -18 dB, from a peak in thousandths of full scale. @param {number} permille */
export function decibel(permille) {
  return permille > 0 ? `${Math.round(20 * Math.log10(permille / 1000))} dB` : "-- dB";
}

/** The part of a leg's or subject's name that tells it from its neighbours. @param {string} name */
export function short(name) {
  return name.slice(name.indexOf("/") + 1);
}
