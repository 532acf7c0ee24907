// The page as a handset: this browser's microphone and loudspeaker on the line. Without a microphone, or where the browser
// does not give it, it says so; a telephone handset works all the same.
// @ts-check

import { made, set, show } from "../base/dom.js";
import { name, onLanguage, tell } from "../base/locale.js";
import { Voice } from "../sound/voice.js";
import { ActionButton, onAction } from "./action.js";

/** @typedef {import("./action.js").Action} Action */

const LEVEL_MS = 200;
const FULL = 1000;

/** @param {string} id @param {boolean} twice @param {() => any} run @returns {Action} */
function own(id, twice, run) {
  return { id, twice, blocked: [], run };
}

export class Handset {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.problem = "";
    this.voice = new Voice("/voice", () => this.show());
    this.said = made("span", { class: "handset-state" });
    this.level = made("meter", { min: "0", max: String(FULL), low: "20", high: "950", optimum: "300" });
    name(this.level, "aria-label", "handset.level");
    this.main = new ActionButton("small", true);
    this.mute = new ActionButton("small", true);
    const title = tell(made("b", {}), "handset.title");
    parent.append(made("p", { class: "handset" }, title, this.said, this.level, this.mute.button, this.main.button));
    onAction(() => this.show());
    onLanguage(() => this.show());
    setInterval(() => {
      this.level.value = Math.round(this.voice.level.in * FULL);
    }, LEVEL_MS);
    this.show();
  }

  get hasMicrophone() {
    return Boolean(navigator.mediaDevices?.getUserMedia);
  }

  get isMuted() {
    return this.voice.state.muted;
  }

  get isLive() {
    return this.voice.state.phase === "up" && !this.voice.state.muted;
  }

  async begin() {
    this.problem = "";
    try {
      await this.voice.start();
    } catch (error) {
      const is_refused = error instanceof DOMException && error.name === "NotAllowedError";
      this.problem = is_refused ? "refused" : "no-microphone";
    }
    this.show();
  }

  /** @param {boolean} muted */
  setMuted(muted) {
    if (this.voice.state.phase === "up") this.voice.mute(muted);
  }

  /** What its button does now: the way to the line, or off it. @returns {Action | null} */
  action() {
    const { voice } = this;
    switch (voice.state.phase) {
      case "off":
        return this.hasMicrophone ? own("switch-on", false, () => this.begin()) : null;
      case "ringing":
        return own("lift", true, () => voice.lift());
      case "up":
        return own("hang-up-own", true, () => voice.hangUp());
      case "busy-elsewhere":
      case "free":
        return own("take-handset", true, () => voice.take());
      default:
        return own("switch-off", false, () => voice.stop());
    }
  }

  /** What to say of it. */
  state() {
    const { phase, muted, microphone } = this.voice.state;
    if (phase === "off") return this.hasMicrophone ? this.problem || "off" : "no-microphone";
    if (microphone === "lost") return "lost";
    return phase === "up" && muted ? "muted" : phase;
  }

  show() {
    const state = this.state();
    tell(this.said, `handset.${state}`);
    set(this.said, "data-state", state);
    show(this.level, this.voice.state.phase !== "off");
    this.main.show(this.action());
    const { phase, muted } = this.voice.state;
    const muting = own(muted ? "unmute-own" : "mute-own", muted, () => this.setMuted(!muted));
    this.mute.show(phase === "up" ? muting : null);
  }
}
