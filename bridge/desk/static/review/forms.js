// The forms of the record's answers, as the station sends them. Nothing is done here.
// @ts-check

/** @typedef {{utterance: number, from_sample: number, to_sample: number, text: string, words: import("../base/types.js").Word[],
 *   unclear: boolean, marks: {from_word: number, to_word: number, heard: string}[], from_utc?: string}} Utterance */
/** @typedef {{engine: string, kind: "live" | "check", run: number, utterances: Utterance[], cut?: boolean, leg?: string}} Run */
/** @typedef {{leg: string, role: string, language: string, runs: Run[], troubles: {kind: string, language?: string, code?: string}[]}} Transcript */
/** @typedef {{from_sample: number, to_sample: number, from_utc: string}} Piece */
/** @typedef {{kind: string, from_utc: string, to_utc: string | null}} Gap */
/**
 * @typedef {{leg: string, role: string, direction: string, contact: string, source: string, rate_hz: number, t0_utc: string | null,
 *   from_utc: string, to_utc: string | null, samples: number, outcome: string, language: string, pieces: Piece[], gaps: Gap[],
 *   recovered: boolean, measured: {rtp_received: number, rtp_lost: number, jitter_us: number} | null}} Track
 */
/** @typedef {{seq: number, utc: string, source: string, kind: string, leg: string, about: Record<string, string | number | boolean>}} Happened */
/**
 * @typedef {{number: number, call: string, began_utc: string, ended_utc: string | null, direction: string, precedence: string,
 *   contact: string, source: string, outcome: string, talk_ms: number, exercise: boolean, ladder: string,
 *   legs: {leg: string, role: string, outcome: string}[], attempts: {contact: string, tier: number, outcome: string}[],
 *   messages: string[]}} CallRow
 */
/**
 * @typedef {{number: number, subject: string, half: string, state: string, outcome: string, kind: string, precedence: string,
 *   serial: string | null, cites: string | null, language: string, from_side: string, to_side: string, began_utc: string,
 *   last_utc: string, exercise: boolean, gist: string, match: Record<string, string>, calls: string[]}} MessageRow
 */
/** @typedef {MessageRow & {draft: {version: number, text: string, by: string} | null, sealed: string | null}} Human */
/** @typedef {{call: CallRow, axis: {from_utc: string, to_utc: string, tracks: Track[]}, events: Happened[],
 *   events_left_out: number, transcripts: Transcript[], messages: Human[], trouble: string}} WholeCall */
/** @typedef {{leg: string, from_sample: number, to_sample: number, from_utc: string, to_utc: string, rate_hz: number}} Place */
/** @typedef {import("../base/types.js").Finding & {first_utc: string, stands: boolean, audio: Place | null}} Difference */
/**
 * @typedef {{column: string, state: string, held_by: string | null, language: string, text: string, spans: Place[], runs: Run[],
 *   match: string | null, findings: Difference[], made_now: boolean, complete?: boolean, judged_by?: string, earlier?: number}} Column
 */
/** @typedef {MessageRow & {columns: Column[], message: import("../base/types.js").Message, trouble: string,
 *   history: {seq: number, utc: string, act: string, person: string, console: string}[]}} WholeMessage */
/**
 * @typedef {{kind: string, seq: number, utc: string, language: string, match: string,
 *   place: {call?: string, leg?: string, subject?: string, serial?: string, from_sample?: number, to_sample?: number,
 *     rate_hz?: number, engine?: string, person?: string},
 *   snippet: {cut_before: boolean, cut_after: boolean, pieces: {text: string, hit: boolean}[]}}} Hit
 */

export {};
