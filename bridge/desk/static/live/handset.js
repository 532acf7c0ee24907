// The page as a handset: this browser's microphone and loudspeaker on the line. Without a microphone, or where the browser
// does not give it, it says so; a telephone handset works all the same.
// @ts-check

import { made, set, show } from "../base/dom.js";
import { name, onLanguage, tell } from "../base/locale.js";
import { ActionButton, onAction } from "./action.js";

/** Loaded when it is first lifted: a page that never speaks need not know how. */
const VOICE = "../sound/voice.js";

export class Handset {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.state = "off";
    this.is_muted = false;
    /** @type {any} */
    this.voice = null;
    this.said = made("span", { class: "handset-state" });
    this.level = made("meter", { min: "0", max: "1000", low: "20", high: "950", optimum: "300" });
    name(this.level, "aria-label", "handset.level");
    this.lift = new ActionButton("small", true);
    this.mute = new ActionButton("small", true);
    this.down = new ActionButton("small", true);
    const title = tell(made("b", {}), "handset.title");
    const buttons = [this.lift.button, this.mute.button, this.down.button];
    parent.append(made("p", { class: "handset" }, title, this.said, this.level, ...buttons));
    onAction(() => this.show());
    onLanguage(() => this.show());
    setInterval(() => this.tick(), 200);
    this.show();
  }

  get hasMicrophone() {
    return Boolean(navigator.mediaDevices?.getUserMedia);
  }

  get isLive() {
    return this.state === "live" || this.state === "talking";
  }

  async begin() {
    try {
      const { Voice } = await import(VOICE);
      this.voice ??= new Voice(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/voice`, (/** @type {string} */ state) => {
        this.state = state;
        this.show();
      });
      await this.voice.start();
      await this.voice.lift();
    } catch (error) {
      this.state = error instanceof DOMException && error.name === "NotAllowedError" ? "refused" : "failed";
      this.voice?.stop();
      this.voice = null;
    }
    this.show();
  }

  /** @param {boolean} muted */
  setMuted(muted) {
    this.is_muted = muted;
    this.voice?.mute(muted);
    this.show();
  }

  end() {
    this.voice?.hangUp();
    this.voice?.stop();
    this.voice = null;
    this.state = "off";
    this.is_muted = false;
    this.show();
  }

  tick() {
    this.level.value = this.voice ? Math.round(Number(this.voice.level) * 1000) || 0 : 0;
  }

  show() {
    const there = this.hasMicrophone;
    const state = there ? (this.is_muted && this.voice ? "muted" : this.state) : "no-microphone";
    tell(this.said, `handset.${state}`);
    set(this.said, "data-state", state);
    show(this.level, this.voice !== null);
    const own = (/** @type {string} */ id, /** @type {boolean} */ twice, /** @type {() => any} */ run) => ({ id, twice, blocked: [], run });
    this.lift.show(there && !this.voice ? own("lift", true, () => this.begin()) : null);
    this.mute.show(this.voice ? own(this.is_muted ? "unmute-own" : "mute-own", this.is_muted, () => this.setMuted(!this.is_muted)) : null);
    this.down.show(this.voice ? own("hang-up-own", true, () => this.end()) : null);
  }
}
