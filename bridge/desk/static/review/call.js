// One call: its tracks on one time, what every recogniser heard on the chosen one beside what a person sealed, and
// everything that happened.
// @ts-check

import { made, set, show, value } from "../base/dom.js";
import { localClock, moment, utcClock, utcMoment } from "../base/fmt.js";
import { has, name, pieces, tell } from "../base/locale.js";
import { me } from "../base/me.js";
import { Axis, momentOf } from "./axis.js";
import { named, outcome, precedence, written } from "./list.js";
import { hearable, row, sounding } from "./words.js";

/** @typedef {import("./forms.js").WholeCall} WholeCall */
/** @typedef {import("./forms.js").Happened} Happened */
/** @typedef {import("./forms.js").Track} Track */
/** @typedef {import("./forms.js").Run} Run */

const BEFORE_MS = 500;
const AFTER_S = 8;
/** What of an entry is read beside its kind; the ledger has all. */
const ABOUT = ["contact", "outcome", "status", "name", "digit", "digits", "alarm", "now", "command", "code", "missing_samples", "rtp_lost", "to_call", "subject", "person"];
const NAMED = new Set(["status", "missing_samples", "rtp_lost"]);

export class CallView {
  /** @param {(subject: string) => void} toMessage */
  constructor(toMessage) {
    this.toMessage = toMessage;
    this.head = made("div", { class: "review-head" });
    this.axis = new Axis((leg) => this.choose(leg));
    this.columns = made("div", { class: "review-columns" });
    this.events = made("ol", { class: "review-events", "data-scrolls": true });
    hearable(this.events);
    name(this.events, "aria-label", "review.events");
    const events = made("section", { class: "review-column" }, tell(made("h3", {}), "review.events"), this.events);
    this.below = made("div", { class: "review-below" }, this.columns, events);
    this.element = made("div", { class: "review-call" }, this.head, this.axis.element, this.below);
    /** @type {WholeCall | null} */
    this.whole = null;
  }

  /** @param {WholeCall} whole @param {{leg?: string, from_sample?: number}} [place] where to begin */
  show(whole, place = {}) {
    this.whole = whole;
    if (place.leg) this.axis.leg = place.leg;
    this.showHead(whole);
    this.axis.show(whole);
    const track = whole.axis.tracks.find((one) => one.leg === place.leg);
    if (track && place.from_sample !== undefined) this.axis.move(momentOf(track, place.from_sample));
    this.choose(this.axis.leg);
    this.events.replaceChildren(...whole.events.map((one) => this.event(one)));
    if (whole.events_left_out) this.events.append(made("li", {}, ...pieces("review.left-out", { count: whole.events_left_out })));
  }

  /** @param {WholeCall} whole */
  showHead(whole) {
    const call = whole.call;
    const began = moment(call.began_utc);
    const messages = whole.messages.map((one) => {
      const button = made("button", { type: "button", class: "small" }, value(one.serial ?? one.subject));
      button.addEventListener("click", () => this.toMessage(one.subject));
      return button;
    });
    this.head.replaceChildren(
      made("h2", {}, value(call.call)),
      made("p", { class: "review-facts" }, value(utcMoment(began)), ...localTimes(began), named(`review.direction.${call.direction}`), value(call.contact || call.source), precedence(call.precedence) ?? "", outcome(call.outcome), ...messages),
    );
    if (whole.trouble) this.head.append(tell(made("p", { class: "review-trouble" }), "review.trouble", { code: whole.trouble }));
  }

  /** @param {string} leg */
  choose(leg) {
    const whole = this.whole;
    const found = whole?.transcripts.find((one) => one.leg === leg);
    const track = whole?.axis.tracks.find((one) => one.leg === leg);
    if (!whole || !found || !track) {
      this.columns.replaceChildren();
      return;
    }
    const columns = found.runs.map((run) => heard(run, track));
    for (const trouble of found.troubles) {
      const known = tell(made("p", { class: "none" }), `event.${trouble.kind}`);
      columns.push(made("section", { class: "review-column" }, made("h3", {}, value(trouble.language ?? trouble.code ?? "")), known));
    }
    if (!columns.length) columns.push(made("section", { class: "review-column" }, tell(made("p", { class: "none" }), "review.nothing-heard")));
    columns.push(human(whole));
    this.columns.replaceChildren(...columns);
  }

  /** @param {Happened} one */
  event(one) {
    const at = moment(one.utc);
    const track = this.whole?.axis.tracks.find((other) => other.leg === (one.leg || this.axis.leg) && other.samples > 0);
    const time = value(utcClock(at));
    if (track?.t0_utc && at >= moment(track.t0_utc)) {
      const from_sample = Math.round(((at - BEFORE_MS - moment(track.t0_utc)) / 1000) * track.rate_hz);
      const to_sample = Math.min(track.samples, Math.max(0, from_sample) + AFTER_S * track.rate_hz);
      if (from_sample < to_sample) sounding(time, { leg: track.leg, from_sample: Math.max(0, from_sample), to_sample }, track.rate_hz);
    }
    const kind = has(`event.${one.kind}`) ? tell(made("span", {}), `event.${one.kind}`) : value(one.kind);
    const leg = one.leg ? [value(one.leg.slice(one.leg.indexOf("/") + 1))] : [];
    const about = ABOUT.filter((key) => key in one.about).map((key) => value(NAMED.has(key) ? `${key} ${one.about[key]}` : String(one.about[key])));
    return made("li", { class: "said-row", "data-source": one.source }, time, kind, ...leg, ...about, ...(one.about["console"] ? pieces("review.console", { name: String(one.about["console"]) }) : []));
  }
}

/** @param {number} at */
export function localTimes(at) {
  return (me().zones ?? []).slice(0, 2).map((zone) => made("span", { class: "local" }, value(`${localClock(at, zone.minutes)} ${zone.name}`)));
}

/** @param {Run} run @param {Track} track */
function heard(run, track) {
  const box = made("div", { class: "said-rows", "data-scrolls": true });
  hearable(box);
  const title = made("h3", {}, named(`review.run.${run.kind}`), " ", value(run.run > 1 ? `${run.engine} ${run.run}` : run.engine));
  set(box, "aria-label", run.engine);
  for (const said of run.utterances) {
    const utc = new Date(momentOf(track, said.from_sample)).toISOString();
    box.append(row(said, track.leg, track.rate_hz, track.language, utc, (index) => marked(said, index)));
  }
  const more = made("p", { class: "quiet" });
  if (run.cut) tell(more, "review.cut");
  show(more, run.cut === true);
  return made("section", { class: "review-column" }, title, box, more);
}

/** @param {import("./forms.js").Utterance} said @param {number} index */
function marked(said, index) {
  const found = said.marks.find((one) => index >= one.from_word && index < Math.max(one.to_word, one.from_word + 1));
  return found ? { sign: "?", certain: false } : null;
}

/** What a person made of it. @param {WholeCall} whole */
function human(whole) {
  const box = made("div", { class: "said-rows", "data-scrolls": true, tabindex: "0", role: "group" });
  name(box, "aria-label", "review.human");
  for (const one of whole.messages) {
    const head = made("p", { class: "row-line" }, value(one.serial ?? one.subject), named(`state.${one.half}.${one.state}`));
    const text = one.sealed ?? one.draft?.text ?? "";
    const what = tell(made("p", { class: "quiet" }), one.sealed ? "review.sealed" : one.draft ? "review.drafted" : "review.no-draft");
    box.append(made("div", { class: "human" }, head, what, made("p", {}, written(text, one.language))));
  }
  if (!whole.messages.length) box.append(tell(made("p", { class: "none" }), "review.no-message"));
  return made("section", { class: "review-column" }, tell(made("h3", {}), "review.human"), box);
}
