// What the station says beside a reason, in the page's words: names of parts, states and counts. Words of a message and
// serials stay as they are.
// @ts-check

import { made, value, words } from "../base/dom.js";
import { has, tell } from "../base/locale.js";

/** @typedef {import("../base/types.js").Block} Block */

/** Reasons whose detail is the station's own word; beside the others stands what somebody said or wrote. */
const OWN = ["not-compared", "outcome", "stated", "slots-unknown", "not-heard", "nobody-named"];

/** @param {string} key */
function word(key) {
  return has(key) ? tell(made("span", {}), key) : value(key.slice(key.indexOf(".") + 1));
}

/** @param {string} state */
function stateOf(state) {
  const key = `state.giving.${state}`;
  return word(has(key) ? key : `state.taking.${state}`);
}

/** @type {[RegExp, (found: string[]) => Node][]} */
const FORMS = [
  [/^(relay|read-back)$/, ([, part]) => word(`detail.${part}`)],
  [/^(relay|read-back) in (\S+)$/, ([, part, state]) => said("detail.in-state", { what: word(`detail.${part}`), state: stateOf(state ?? "") })],
  [/^(relay|read-back): nothing is in doubt$/, ([, part]) => said("detail.no-doubt", { what: word(`detail.${part}`) })],
  [/^compared with another text$/, () => said("detail.other-text")],
  [/^reply ([A-Z ]+)$/, ([, reply]) => word(`reply.${reply}`)],
  [/^reply ([A-Z ]+) is not something one states$/, ([, reply]) => said("detail.no-statement", { what: word(`reply.${reply}`) })],
  [/^([A-Z ]+) in (\S+)$/, ([, outcome, state]) => said("detail.in-state", { what: word(`end.${outcome}`), state: stateOf(state ?? "") })],
  [/^nobody was called$/, () => said("detail.not-called")],
  [/^cites (.+), expected (.+)$/, ([, found, expected]) => said("detail.cites", { found: found ?? "", expected: expected ?? "" })],
  [/^nobody of the ladder has tier (.+)$/, ([, tier]) => said("detail.no-tier", { tier: tier ?? "" })],
  [/^the ladder of the addressee's side is empty$/, () => said("detail.no-ladder")],
  [/^draft (\d+)$/, ([, version]) => said("detail.draft", { version: version ?? "" })],
  [/^(\d+) of 1000$/, ([, permille]) => value(`${(Number(permille) / 10).toFixed(1)} %`)],
  [/^the addressee was not asked for$/, () => said("detail.not-asked")],
];

/** @param {string} key @param {import("../base/locale.js").Filling} [filling] */
function said(key, filling = {}) {
  return tell(made("span", {}), key, filling);
}

/** @param {Block} block @returns {Node} */
export function detailed(block) {
  if (!OWN.includes(block.blocker)) return made("bdi", {}, block.detail);
  for (const [form, tellIt] of FORMS) {
    const found = form.exec(block.detail);
    if (found) return tellIt(found);
  }
  return words(block.detail, "en");
}

/** @type {[RegExp, (found: string[]) => Node][]} */
const RANKS = [
  [/^tier (.+) and tier (.+)$/, ([, one, other]) => said("parity-why.tiers", { one: one ?? "", other: other ?? "" })],
  [/^same tier (.+)$/, ([, tier]) => said("parity-why.same-tier", { tier: tier ?? "" })],
  [/^rank not stated or in no table$/, () => said("parity-why.no-rank")],
  [/^same code$/, () => said("parity-why.same-code")],
  [/^(\d) codes? apart$/, ([, count]) => said("parity-why.apart", { count: count ?? "" })],
  [/^\((.*) by another table\)$/, ([, inner]) => said("parity-why.other-table", { found: ranked(inner ?? "") })],
];

/** Why two officers are of one standing or not. @param {string} reason @returns {Node} */
export function ranked(reason) {
  const parts = reason.split(/; | (?=\()/);
  const told = parts.map((part) => {
    const [form, tellIt] = RANKS.find(([one]) => one.test(part)) ?? [];
    return (form && tellIt?.(form.exec(part) ?? [])) ?? words(part, "en");
  });
  return made("span", {}, ...told.flatMap((one, index) => (index ? [" · ", one] : [one])));
}
