// The sign-in form: on a page of its own before a session, and as a sheet over the page after one has ended.
// @ts-check

import { WORDS } from "./words.js";

const DRIFT_MS = 5000;
const RTL = ["ar", "fa"];

/** @param {string} tag @param {Record<string, string>} attributes @param {...(Node | string)} pieces */
function made(tag, attributes, ...pieces) {
  const element = document.createElement(tag);
  for (const [name, worth] of Object.entries(attributes)) element.setAttribute(name, worth);
  element.append(...pieces);
  return element;
}

/** @param {string} id @param {Record<string, string>} attributes */
function field(id, attributes) {
  const input = /** @type {HTMLInputElement} */ (
    made("input", { id: `door-${id}`, name: id, dir: "ltr", required: "", ...attributes })
  );
  const label = made("label", { for: `door-${id}` });
  return { input, label, row: made("p", { class: "field" }, label, input) };
}

/** Whether a device may be asked at all: browsers do so for a name over TLS alone. */
export function canPasskeys() {
  const is_name = /[a-z]/i.test(location.hostname.split(".").at(-1) ?? "") && !location.hostname.includes(":");
  return "PublicKeyCredential" in globalThis && location.protocol === "https:" && is_name;
}

/** @param {Date} at */
function clock(at) {
  return `${at.toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** @param {string} path @param {unknown} body */
export function send(path, body) {
  const headers = { "Content-Type": "application/json" };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body), cache: "no-store" });
}

export class SignInForm {
  /**
   * @param {string} language
   * @param {() => void} done somebody has signed in
   * @param {boolean} again a session has ended, and the page is still here
   */
  constructor(language, done, again) {
    this.done = done;
    this.again = again;
    this.language = language;
    this.ahead_ms = Number.NaN;
    this.wait_until = 0;
    this.problem = "";
    this.is_busy = false;
    this.title = made(again ? "h2" : "h1", { id: "door-title" });
    this.fields = {
      name: field("name", { autocomplete: "username", maxlength: "32", autocapitalize: "off", spellcheck: "false" }),
      password: field("password", { type: "password", autocomplete: "current-password", maxlength: "256" }),
      code: field("code", { autocomplete: "one-time-code", inputmode: "numeric", maxlength: "8" }),
    };
    this.button = /** @type {HTMLButtonElement} */ (made("button", { type: "submit" }));
    /** @type {HTMLButtonElement | null} Another way in, where there is one. */
    this.other = null;
    this.said = made("p", { class: "problem", role: "alert" });
    this.clock = made("bdi", { class: "value", dir: "ltr" }, "--");
    this.timeLabel = made("span", {});
    this.drift = made("p", { class: "drift" });
    this.element = /** @type {HTMLFormElement} */ (
      made(
        "form",
        { class: "door", "aria-labelledby": "door-title", novalidate: "" },
        this.title,
        ...Object.values(this.fields).map((one) => one.row),
        made("p", { class: "time" }, this.timeLabel, " ", this.clock),
        this.drift,
        this.said,
        this.button,
      )
    );
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
    this.speak(language);
    this.timer = setInterval(() => this.tick(), 500);
    void this.ask();
    if (canPasskeys()) void import("./passkey.js").then((passkey) => this.offer(passkey.prove)).catch(() => {});
  }

  /** Offer a way in beside name, password and code. @param {() => Promise<Response>} prove */
  offer(prove) {
    this.other = /** @type {HTMLButtonElement} */ (made("button", { type: "button", class: "other" }));
    this.other.addEventListener("click", () => void this.perform(prove));
    this.element.append(this.other);
    this.speak(this.language);
  }

  /** @param {string} key */
  word(key) {
    return WORDS[this.language]?.[key] ?? WORDS["en"]?.[key] ?? key;
  }

  /** @param {string} language */
  speak(language) {
    this.language = language in WORDS ? language : "en";
    this.element.lang = this.language;
    this.element.dir = RTL.includes(this.language) ? "rtl" : "ltr";
    this.title.textContent = this.word(this.again ? "again" : "title");
    for (const [id, { label }] of Object.entries(this.fields)) label.textContent = this.word(id);
    this.button.textContent = this.word("enter");
    if (this.other) this.other.textContent = this.word("by-passkey");
    this.timeLabel.textContent = this.word("time");
    this.tick();
  }

  /** The station's time: codes follow it, and a screen whose clock is off explains a refused code. */
  async ask() {
    try {
      const asked = Date.now();
      const response = await fetch("/static/door/icon.svg", { cache: "no-store" });
      const at = Date.parse(response.headers.get("Date") ?? "");
      if (Number.isFinite(at)) this.ahead_ms = at + 500 - (asked + Date.now()) / 2;
    } catch {
      this.ahead_ms = Number.NaN; // the clock shows -- and the button tells of the rest
    }
    this.tick();
  }

  tick() {
    const known = Number.isFinite(this.ahead_ms);
    this.clock.textContent = known ? clock(new Date(Date.now() + this.ahead_ms)) : "--";
    this.drift.textContent = known && Math.abs(this.ahead_ms) > DRIFT_MS ? this.word("drift") : "";
    const left = Math.ceil((this.wait_until - performance.now()) / 1000);
    for (const one of [this.button, this.other]) if (one) one.disabled = this.is_busy || left > 0;
    const said = this.problem ? this.word(this.problem in (WORDS["en"] ?? {}) ? this.problem : "other") : "";
    if (left > 0) this.tellWait(said, left);
    else if (this.said.textContent !== said) this.said.textContent = said;
  }

  /** @param {string} said @param {number} left seconds */
  tellWait(said, left) {
    const count = made("bdi", { class: "value", dir: "ltr" }, `${left} s`);
    this.said.replaceChildren(said, " ", this.word("left"), " ", count);
  }

  async send() {
    const body = Object.fromEntries(Object.entries(this.fields).map(([id, { input }]) => [id, input.value.trim()]));
    body["password"] = this.fields.password.input.value;
    await this.perform(() => send("/api/sign-in", body));
  }

  /** Try one way in. @param {() => Promise<Response>} prove */
  async perform(prove) {
    if (this.is_busy) return;
    this.is_busy = true;
    this.tick();
    try {
      await this.answered(await prove());
    } catch (error) {
      this.problem = error instanceof DOMException && error.name === "NotAllowedError" ? "no-device" : "no-answer";
    }
    this.is_busy = false;
    this.tick();
  }

  /** @param {Response} response */
  async answered(response) {
    if (response.status === 204 || response.status === 200) return this.finish();
    const said = await response.json().catch(() => ({}));
    this.problem = String(said.code ?? (response.status === 429 ? "wait" : "other"));
    const wait_s = Number(said.wait_s ?? response.headers.get("Retry-After") ?? 0);
    if (wait_s > 0) this.wait_until = performance.now() + wait_s * 1000;
    this.fields.code.input.value = "";
    this.fields.code.input.focus();
    void this.ask();
  }

  finish() {
    clearInterval(this.timer);
    this.problem = "";
    for (const { input } of Object.values(this.fields)) input.value = "";
    this.done();
  }

  focus() {
    this.fields.name.input.focus();
  }
}
