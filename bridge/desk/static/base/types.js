// The forms of the sections, as the station sends them. Nothing is done here.
// @ts-check

/** @typedef {{leg: string, from_sample: number, to_sample: number}} Span */
/** @typedef {{blocker: string, detail: string}} Block */
/** @typedef {{name: string, role: string}} Person */
/** @typedef {{id: string, kind: string, text: string, state: "open" | "heard" | "typed"}} Slot */
/** @typedef {{hop: string, at_utc: string, since_utc: string, passed: number}} Deadline */
/** @typedef {{word: string, from_sample: number, to_sample: number, confidence_permille: number}} Word */
/** @typedef {{kind: string, sealed: string, heard: string, span: [number, number], sealed_span: [number, number], certain: boolean}} Finding */
/** @typedef {{match: string, complete: boolean, spoken_until: number, findings: Finding[], judged: boolean}} Part */
/** @typedef {{contact: string, tier: number, rank: string, name?: string}} Candidate */
/** @typedef {{text: string, sha256: string, check_words: Record<string, string[]>, dtg: string, serial: string, slip: string}} Sealed */
/** @typedef {{act: string, blocked: Block[], choices?: Record<string, (string | number)[]>, not_for?: string[]}} Move */
/** @typedef {{person: Person, by: string, utc: string, authority?: string, authorised?: boolean}} Done */
/** @typedef {{cites: string, number: number, dtg: string, stage: string, outcome: string, heard_by: string, acknowledged_by: string,
 *   reply: string, text: string, slip: string, told?: boolean}} ReturnSlip */

/**
 * @typedef {{
 *   subject: string, half: "taking" | "giving", state: string, outcome: string, kind: string, precedence: string,
 *   serial: string | null, cites: string | null, exercise: boolean, language: string, leg: string | null, legs: string[],
 *   header: Record<string, string | null>, identity: string | null,
 *   draft: {version: number, text: string, sealable?: string, by: string} | null,
 *   heard: {span: Span, text: string, engine: string}[], slots: Slot[] | null,
 *   coverage: {wanted: Span[], played: Span[], missing: Span[], permille: number} | null,
 *   read_back: {state: string, text: string} | null, confirmed: Record<string, any> | null, released_by: string,
 *   night_mode: string, newer: {serials: string[], noted: boolean}, sealed: Sealed | null,
 *   warnings: {code: string, detail: string}[], remarks?: Record<string, any>[], ladder: Candidate[] | null,
 *   attempts: {contact: string, outcome: string}[] | null, tier: number | null, contact: string | null,
 *   person: Person | null, principal_asked_by: string | null,
 *   parity: {judgement: string, reason: string, offers_ladder: boolean} | null,
 *   parts: Record<string, Part | null> | null, receipt: Done | null, acknowledged: Done | null,
 *   reply: {state: string, serial: string | null} | null, return_slip: ReturnSlip | null,
 *   tracers: {number: number, text: string}[], deadlines: Deadline[], may: Move[],
 *   history: {seq: number, utc: string, act: string, person: string, console: string}[]
 * }} Message
 */

/**
 * @typedef {{leg: string, call: string, role: string, contact: string, contact_name: any, state: string, since: string,
 *   precedence: string, health: string, holds: boolean, muted: boolean, language: string, rate_hz: number, t0_utc: string,
 *   t0_ns: string, outcome: string}} Leg
 */
/** @typedef {{to_sample: number, peaks: number[], now_permille: number, age_ms: number}} Level */
/**
 * @typedef {{leg: string, utterance: number | string, from_sample: number, to_sample: number, text: string, firm_words: number,
 *   words: Word[], final: boolean, unclear?: boolean, engine: string, language: string, revised: {was: string, now: string, at_word?: number, utc: string}[],
 *   marks: {from_word: number, to_word: number, heard: string}[], heard_utc: string}} Caption
 */
/** @typedef {{alarm: string, priority: "HIGH" | "MEDIUM" | "LOW", leg: string, call: string, since: string, action: string, acknowledged_by: string}} Alarm */
/**
 * @typedef {{person: string, display: string, role: string, console: string, language: string, theatre: string, side: string,
 *   sides: Record<string, any>, exercise: boolean, theme: string, server_utc: string, boot: string,
 *   zones?: {name: string, minutes: number}[], contacts?: Candidate[]}} Me
 */

export {};
