// Who sits here, at which station, and what both are called.
// @ts-check

import { language } from "./locale.js";

/** @typedef {import("./types.js").Me} Me */

/** @type {Me} */
const NOBODY = {
  person: "", display: "", role: "", console: "", language: "en", theatre: "", side: "", sides: {}, exercise: false,
  theme: "", server_utc: "", boot: "",
};
let known = NOBODY;

export function me() {
  return known;
}

/** @param {Me} now */
export function become(now) {
  known = { ...NOBODY, ...now };
}

/** A name that comes as one text or as one in each language. @param {any} name @param {string} [otherwise] @returns {string} */
export function localName(name, otherwise = "") {
  if (typeof name === "string") return name || otherwise;
  if (name && typeof name === "object") return String(name[language()] ?? name.en ?? otherwise);
  return otherwise;
}

/** What a contact of the side is called; one that the dialplan does not name any more stands as it was. @param {string} contact */
export function contactName(contact) {
  const found = known.contacts?.find((one) => one.contact === contact);
  return localName(found?.name, contact);
}

/** What a side is called in the page's language. @param {string} side */
export function sideName(side) {
  const found = known.sides[side];
  const name = found && typeof found === "object" && "name" in found ? found.name : found;
  return localName(name, side);
}
