// The step a message is at and what can be done there, the main thing first. What is allowed is read from the message's
// own list (`may`); here is only the order in which an operator does it.
// @ts-check

import { act } from "../base/net.js";
import { against, leg, operatorOf, spanSince, takes, when } from "./hand.js";

/** @typedef {import("../base/types.js").Message} Message */
/** @typedef {import("../base/types.js").Span} Span */
/** @typedef {import("./action.js").Action} Action */

/**
 * What the views know that the station does not yet.
 * @typedef {{
 *   draft: () => string, isDirty: boolean, keepDraft: () => Promise<import("../base/net.js").Answer | null>,
 *   span: () => Span | null, playMissing: () => void, openSlot: string, heardSlot: string, nextSlot: () => void,
 *   begun: () => void, tick: () => Promise<import("../base/net.js").Answer | null>, person: () => {name: string, role: string},
 *   authority: () => string, isAuthorised: () => boolean, contact: () => string, ended: () => {outcome: string, reason: string},
 *   reply: () => string, tier: () => number, carried: () => void, inDoubt: () => Span | null, finding: () => string,
 * }} Desk
 */

const ANSWER_S = 8;
const TAKING = { hearing: 1, drafting: 2, reading: 4, awaiting: 4, confirmed: 5, sealed: 6, carried: 7, returned: 9, closed: 9 };
const GIVING = { ready: 6, calling: 7, answered: 7, relaying: 7, said: 8, "reading-back": 8, receipted: 9, acknowledged: 9, closed: 9 };

/** Which of the nine steps a message is at. @param {Message | null} message */
export function stepOf(message) {
  if (!message) return 0;
  const table = /** @type {Record<string, number>} */ (message.half === "taking" ? TAKING : GIVING);
  const step = table[message.state] ?? 1;
  return step === 2 && isDrafted(message) ? 3 : step;
}

/** @param {Message} message */
function isDrafted(message) {
  return message.slots !== null && message.draft !== null;
}

/** @param {Message} message @param {string} name @param {boolean} twice @param {() => Action["run"]} make @returns {Action[]} */
function offered(message, name, twice, make) {
  const blocked = against(message, name);
  return blocked ? [{ id: name, twice, blocked, run: make() }] : [];
}

/** @param {Message} message @param {string} name @param {boolean} twice @param {() => Record<string, unknown>} [fields] */
function plain(message, name, twice, fields = () => ({})) {
  return offered(message, name, twice, () => () => act(name, message.subject, fields()));
}

/** @param {string} id @param {() => any} run @returns {Action} */
function own(id, run) {
  return { id, twice: false, blocked: [], run };
}

/** @param {Message} message @returns {Span | null} */
function readAloud(message) {
  const side = leg(message.leg);
  const operator = side && operatorOf(side.call);
  return operator ? spanSince(operator, when(message, "ReadBackStarted")) : null;
}

/** The originator's last words: where he says yes or no. @param {Message} message @returns {Span | null} */
function lastWords(message) {
  const side = leg(message.leg);
  const said = side ? spanSince(side, when(message, "ReadBackSaid")) : null;
  if (!side || !said) return null;
  return { ...said, from_sample: Math.max(said.from_sample, said.to_sample - ANSWER_S * side.rate_hz) };
}

/** @param {Message} message @param {string} name @param {boolean} twice @param {() => Span | null} span @param {(span: Span) => Record<string, unknown>} fields @returns {Action[]} */
function withAudio(message, name, twice, span, fields) {
  const blocked = against(message, name);
  if (!blocked) return [];
  const there = span();
  const none = there ? [] : [{ blocker: "no-audio", detail: "" }];
  const run = () => {
    const fresh = span();
    return fresh ? act(name, message.subject, fields(fresh)) : undefined;
  };
  return [{ id: name, twice, blocked: [...blocked, ...none], run }];
}

/** @param {Message} message @param {Desk} desk @returns {Action[]} */
function drafting(message, desk) {
  /** @type {Action[]} */
  const found = [];
  const cover = message.coverage;
  if (desk.isDirty) found.push(own("Edited", desk.keepDraft));
  else if (message.state === "hearing" && !desk.draft()) found.push({ ...own("begin-draft", desk.begun), blocked: message.heard.length ? [] : [{ blocker: "no-audio", detail: "" }] });
  if (takes(message, "SpanMarked") && message.draft && !cover?.wanted.length) found.push(...marked(message, desk));
  if (desk.heardSlot) found.push(own("SlotHeard", desk.tick));
  else if (desk.openSlot) found.push(own("next-slot", desk.nextSlot));
  if (cover?.missing.length) found.push(own("play-missing", desk.playMissing));
  if (found.length === 0 || message.state !== "hearing") found.push(...plain(message, "ReadBackStarted", true));
  if (cover?.wanted.length) found.push(...marked(message, desk));
  return found;
}

/** @param {Message} message @param {Desk} desk @returns {Action[]} */
function marked(message, desk) {
  return withAudio(message, "SpanMarked", false, desk.span, (span) => ({ span }));
}

/** A FLASH takes a second person, or one who has said that he is alone. @param {Message} message */
function isForTwo(message) {
  return message.precedence === "FLASH" && !message.night_mode && !message.released_by;
}

/** @param {Message} message */
function twoPersons(message) {
  return isForTwo(message) ? plain(message, "ReleaseGiven", true) : [];
}

/** @param {Message} message */
function newer(message) {
  return message.newer.noted ? [] : plain(message, "NewerNoted", false);
}

/** @param {Message} message @param {Desk} desk @returns {Action[]} */
function unsealed(message, desk) {
  const spoken = (/** @type {Span} */ span) => ({ how: "spoken", leg: message.leg, span });
  const open = drafting(message, desk);
  const steps = [
    ...withAudio(message, "ReadBackSaid", false, () => readAloud(message), (span) => ({ span })),
    ...withAudio(message, "Confirmed", true, () => lastWords(message), spoken),
    ...plain(message, "SealOrdered", true),
    ...twoPersons(message),
    ...newer(message),
    ...withAudio(message, "Rejected", true, () => lastWords(message), spoken),
  ];
  if (message.state === "hearing" || message.state === "drafting") return [...open, ...steps];
  const urgent = open.filter((one) => one.id !== "ReadBackStarted" && one.id !== "SpanMarked");
  const blocked = steps[0]?.id === "SealOrdered" && steps[0].blocked.length > 0;
  return blocked ? [...urgent, ...steps] : [...steps, ...urgent, ...plain(message, "ReadBackStarted", true)];
}

/** @param {Message} message @param {Desk} desk @returns {Action[]} */
function sealed(message, desk) {
  const told = plain(message, "OriginatorTold", false);
  return [
    ...(message.state === "carried" ? [own("take-slip", desk.carried)] : []),
    ...(message.return_slip?.told ? [] : told),
    ...plain(message, "Filed", true),
    ...told,
    ...plain(message, "SlipCarried", true),
    ...newer(message),
  ];
}

/** @param {Message} message @param {Desk} desk @returns {Action[]} */
function giving(message, desk) {
  const part = message.state === "relaying" ? "relay" : "read-back";
  const found = message.parts?.[part];
  const named = () => ({ person: desk.person(), contact: desk.contact() });
  const doubt = found?.match === "check" && !found.judged;
  // Whoever speaks may notice it before the machine does, and the machine may only doubt what it heard clearly.
  const corrected = plain(message, "CorrectedAloud", true, () => ({ part, finding: desk.finding() }));
  const is_wrong = found?.match === "altered" || (doubt && found.findings.some((one) => one.certain));
  const first = is_wrong ? [...corrected] : [];
  if (doubt) first.push(...withAudio(message, "Judged", found.findings.length > 0, desk.inDoubt, (span) => ({ part, span })));
  if (desk.heardSlot && takes(message, "SlotHeard")) first.push(own("SlotHeard", desk.tick));
  else if (desk.openSlot && takes(message, "SlotHeard")) first.push(own("next-slot", desk.nextSlot));
  return [
    ...first,
    ...(!message.principal_asked_by ? plain(message, "PrincipalAsked", false) : []),
    ...plain(message, "RelayFinished", false),
    ...plain(message, "ReceiptGiven", true, () => ({ person: desk.person() })),
    ...plain(message, "ReadBackBegun", false),
    ...corrected,
    ...(message.state === "answered" ? plain(message, "RelayStarted", true) : []),
    ...plain(message, "Acknowledged", true, () => ({
      person: desk.person(),
      authority: desk.authority(),
      is_authorised: desk.isAuthorised(),
    })),
    ...(message.state === "acknowledged" ? replied(message, desk) : []),
    ...plain(message, "PersonNamed", false, named),
    ...(message.state === "answered" ? [] : plain(message, "RelayStarted", true)),
    ...(message.state === "ready" || message.state === "calling" ? plain(message, "TierChosen", true, () => ({ tier: desk.tier() })) : []),
    ...replied(message, desk),
    ...twoPersons(message),
    ...newer(message),
  ];
}

/** What the officer says of a reply, and then nothing is left. @param {Message} message @param {Desk} desk */
function replied(message, desk) {
  const stated = plain(message, "ReplyStated", false, () => ({ reply: desk.reply() }));
  const filed = plain(message, "Filed", true);
  return (message.reply?.state ?? "NOT STATED") === "NOT STATED" ? [...stated, ...filed] : [...filed, ...stated];
}

/** Everything that can be done with a message now, the main thing first. @param {Message} message @param {Desk} desk @returns {Action[]} */
export function actions(message, desk) {
  const rest = [
    ...(isForTwo(message) ? plain(message, "NightModeDeclared", true, () => ({ reason: desk.ended().reason || "-" })) : []),
    ...plain(message, "Ended", true, desk.ended),
  ];
  const is_sealed = ["sealed", "carried", "returned", "closed"].includes(message.state);
  const half = message.half === "giving" ? giving(message, desk) : is_sealed ? sealed(message, desk) : unsealed(message, desk);
  const all = [...half, ...rest];
  return all.filter((one, index) => all.findIndex((other) => other.id === one.id) === index);
}
