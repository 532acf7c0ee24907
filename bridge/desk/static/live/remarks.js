// What the station measured in a message: positions and their distance, jumps, how fixed words are said, who gave a return.
// @ts-check

import { made, value } from "../base/dom.js";
import { tell, text } from "../base/locale.js";
import { localName } from "../base/me.js";

/** @typedef {import("../base/types.js").Message} Message */
/** @typedef {Record<string, any>} Remark */

const M_PER_KM = 1000;

/** @param {number} metres */
function km(metres) {
  return value(`${(metres / M_PER_KM).toFixed(1)} km`);
}

/** @param {Remark} one @returns {Node[]} */
function position(one) {
  const forms = value((one["forms"] ?? []).join(" = "));
  if (one["problem"]) return [forms, said("remark.problem", { problem: one["problem"] })];
  const from = localName(one["reference"] ?? "");
  const away = from ? [said("remark.away", { distance: km(one["distance_m"]), bearing: `${Math.round(one["bearing_deg"])}°`, from: made("bdi", {}, from) })] : [];
  if (one["agrees"] === false) return [forms, said("remark.apart", { distance: km(one["apart_m"] ?? 0) }), ...away];
  return [forms, ...(one["agrees"] === null ? [said("remark.one-form")] : []), ...away];
}

/** @param {string} key @param {import("../base/locale.js").Filling} [filling] */
function said(key, filling = {}) {
  return tell(made("span", {}), key, filling);
}

/** @type {Record<string, (one: Remark) => Node[]>} */
const KINDS = {
  position,
  jump: (one) => [said("remark.jump", { name: one["name"], distance: km(one["apart_m"]) })],
  coded: (one) => [value(one["code"]), one["problem"] ? said("remark.problem", { problem: one["problem"] }) : said("remark.say", { words: made("bdi", {}, one["say"]) })],
  "say-as": (one) => [made("bdi", {}, one["sealed"]), said("remark.say", { words: made("bdi", {}, one["say"]) })],
  return: (one) => [said("remark.return", { outcome: text(`end.${one["outcome"]}`), by: made("bdi", {}, one["by"] || "–") })],
};

/** One line each; what is told of the ranks stands with the officer. @param {Message} message */
export function remarked(message) {
  const found = (message.remarks ?? []).filter((one) => one["kind"] in KINDS);
  return found.map((one) => {
    const parts = KINDS[one["kind"]]?.(one) ?? [];
    return made("span", { class: "remark", "data-kind": one["kind"] }, ...parts.flatMap((part, index) => (index ? [" ", part] : [part])));
  });
}
