// One's own passkeys: made after password and code, listed, removed. A sheet over the page, opened from the shift's screen;
// fetched only then, and only where a browser can do it.
// @ts-check

import { answer } from "../door/passkey.js";
import { send } from "../door/form.js";
import { at, made, set, show, value } from "../base/dom.js";
import { moment, utcMoment } from "../base/fmt.js";
import { learnMore, tell, untell } from "../base/locale.js";
import { me } from "../base/me.js";
import { got } from "../base/net.js";

/** @typedef {{id: string, label: string, made_utc: string, used_utc: string}} Passkey */

/** @param {string} id @param {Record<string, string>} attributes */
function field(id, attributes) {
  const input = made("input", { id: `passkey-${id}`, maxlength: "64", ...attributes });
  const label = tell(made("label", { for: `passkey-${id}` }), `passkeys.${id}`);
  return { input, row: made("p", { class: "field" }, label, input) };
}

class Sheet {
  /** @param {() => void} close */
  constructor(close) {
    this.list = made("ul", { class: "passkeys" });
    this.none = tell(made("p", {}), "passkeys.none");
    this.label = field("label", { dir: "auto", autocomplete: "off" });
    this.password = field("password", { type: "password", dir: "ltr", maxlength: "256", autocomplete: "current-password" });
    this.code = field("code", { dir: "ltr", inputmode: "numeric", maxlength: "8", autocomplete: "one-time-code" });
    this.said = made("p", { class: "problem", role: "alert" });
    const make = tell(made("button", { type: "submit" }), "passkeys.make");
    const leave = tell(made("button", { type: "button", class: "leave" }), "passkeys.close");
    leave.addEventListener("click", close);
    this.form = made("form", { novalidate: true }, this.label.row, this.password.row, this.code.row, this.said, make);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.trying(() => this.make());
    });
    const title = tell(made("h2", { id: "passkeys-title" }), "passkeys.title", { name: me().person });
    const inside = made("section", { class: "door" }, title, tell(made("p", {}), "passkeys.how"), this.list, this.none, this.form, leave);
    this.element = made("div", { class: "sheet", role: "dialog", "aria-modal": "true", "aria-labelledby": "passkeys-title" }, inside);
    this.is_busy = false;
  }

  async read() {
    const known = await got("/api/passkeys");
    if (!known) return this.tell("no-answer");
    /** @type {Passkey[]} */
    const kept = known.passkeys;
    this.list.replaceChildren(...kept.map((one) => this.row(one)));
    show(this.list, kept.length > 0);
    show(this.none, kept.length === 0);
    show(this.form, known.possible);
    if (!known.possible) this.none.after(this.said);
    if (!known.possible) this.tell(known.why);
  }

  /** @param {Passkey} one */
  row(one) {
    const made_at = value(utcMoment(moment(one.made_utc)));
    const times = one.used_utc
      ? tell(made("span", {}), "passkeys.used", { made: made_at, used: value(utcMoment(moment(one.used_utc))) })
      : tell(made("span", {}), "passkeys.unused", { made: made_at });
    const remove = tell(made("button", { type: "button" }), "passkeys.remove");
    remove.addEventListener("click", () => void this.trying(() => send("/api/passkeys/remove", { id: one.id })));
    return made("li", {}, made("bdi", { dir: "auto" }, one.label || one.id.slice(0, 8)), times, remove);
  }

  /** Password and code to the station, its question to the device, the device's answer to the station. */
  async make() {
    const again = { password: this.password.input.value, code: this.code.input.value.trim() };
    const asked = await send("/api/passkeys/options", again);
    this.code.input.value = "";
    if (!asked.ok) return asked;
    const { options } = await asked.json();
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    const credential = answer(await navigator.credentials.create({ publicKey }));
    return send("/api/passkeys", { label: this.label.input.value.trim(), credential });
  }

  /** @param {() => Promise<Response>} attempt */
  async trying(attempt) {
    if (this.is_busy) return;
    this.is_busy = true;
    set(this.element, "aria-busy", true);
    this.hush();
    try {
      const response = await attempt();
      if (response.ok) this.clear();
      else this.tell(String((await response.json().catch(() => ({}))).code ?? "other"));
      await this.read();
    } catch (error) {
      const is_device = error instanceof DOMException;
      this.tell(is_device && error.name === "InvalidStateError" ? "passkey-taken" : is_device ? "no-device" : "no-answer");
    }
    set(this.element, "aria-busy", false);
    this.is_busy = false;
  }

  hush() {
    untell(this.said);
    this.said.replaceChildren();
  }

  clear() {
    for (const { input } of [this.label, this.password, this.code]) input.value = "";
  }

  /** @param {string} code */
  tell(code) {
    const known = ["sign-in", "wait", "passkey", "passkey-taken", "too-many-passkeys", "no-device", "no-answer", "no-name", "no-tls"];
    tell(this.said, `passkey-problem.${known.includes(code) ? code : "other"}`);
  }
}

/** Open the sheet; the page stays as it is under it. */
export async function open() {
  if (!(await learnMore("passkeys"))) return;
  const before = document.activeElement;
  const page = at("page");
  const sheet = new Sheet(() => {
    sheet.element.remove();
    page.inert = false;
    if (before instanceof HTMLElement) before.focus();
  });
  page.inert = true;
  at("over").append(sheet.element);
  sheet.label.input.focus();
  await sheet.read();
}
