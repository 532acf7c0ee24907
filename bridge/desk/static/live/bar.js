// The bar above everything: what is recorded, room on the disk, the time in UTC and where the parties are, who sits here.
// @ts-check

import { made, revalue, say, set, show, value } from "../base/dom.js";
import { localClock, seconds, short, utcClock } from "../base/fmt.js";
import { LANGUAGES, language, name, onLanguage, tell } from "../base/locale.js";
import { me, sideName } from "../base/me.js";
import { onWaiting } from "../base/net.js";
import { age, isStale, link, now, section, watch } from "../base/store.js";
import { isOn, onSound, toggle } from "./tones.js";
import { openLegs } from "./hand.js";

const NAMED = 2;
const BAD = ["missing", "stuck", "silent"];

/** Offsets that are shown beside UTC: the theatre's if the station names them, else the screen's own. @returns {{name: string, minutes: number}[]} */
function zones() {
  return (me().zones ?? [{ name: "", minutes: -new Date().getTimezoneOffset() }]).slice(0, 2);
}

/** @param {import("../base/types.js").Leg[]} legs */
function namesOf(legs) {
  return legs.length > NAMED ? `×${legs.length}` : legs.map((one) => short(one.leg)).join(" ");
}

/** @param {HTMLElement} parent @param {{screens: HTMLElement, speech: () => void, leave: () => void}} parts */
export function start(parent, parts) {
  const rec = made("span", { class: "rec" });
  const dot = made("span", { class: "dot", "aria-hidden": "true" });
  const recorded = made("span", {});
  rec.append(dot, recorded);
  const disk = made("span", { class: "fact" });
  const line = made("span", { class: "fact line-state" });
  const station = made("h1", { class: "station" });
  const exercise = made("strong", { class: "exercise", hidden: true });
  tell(exercise, "bar.exercise");
  const stale = made("strong", { class: "stale", role: "alert", hidden: true });
  const waiting = made("span", { class: "waiting", role: "status", hidden: true });
  const utc = value("");
  utc.classList.add("utc");
  const locals = made("span", { class: "locals" });
  const person = made("bdi", { class: "person" });
  const sounds = made("button", { type: "button", class: "small" });
  const speech = made("button", { type: "button", class: "small" });
  const leave = made("button", { type: "button", class: "small" });
  tell(leave, "bar.leave");
  sounds.addEventListener("click", toggle);
  speech.addEventListener("click", parts.speech);
  leave.addEventListener("click", parts.leave);
  const start_side = made("div", { class: "bar-part" }, rec, disk, line, station, exercise, stale, waiting);
  parent.append(start_side, made("div", { class: "bar-part end" }, utc, locals, person, parts.screens, sounds, speech, leave));

  const draw = () => {
    const state = section("station");
    const legs = openLegs().filter((one) => one.state !== "ended");
    const bad = legs.filter((one) => BAD.includes(one.health));
    set(rec, "data-rec", legs.length === 0 ? "idle" : bad.length ? "bad" : "on");
    if (legs.length === 0) tell(recorded, "bar.rec-idle");
    else tell(recorded, bad.length ? "bar.rec-bad" : "bar.rec", { legs: namesOf(bad.length ? bad : legs) });
    tell(disk, "bar.disk", { days: state?.disk_days ?? "--" });
    tell(line, state?.line === "up" && state?.trunk !== "down" ? "bar.line-up" : "bar.line-down");
    set(line, "data-line", state?.line === "up" && state?.trunk !== "down" ? "up" : "down");
    say(station, sideName(me().side) || me().side);
    show(exercise, me().exercise || state?.exercise === true);
    say(person, me().display || me().person);
    tell(sounds, isOn() ? "bar.sound-on" : "bar.sound-off");
    set(sounds, "aria-pressed", String(isOn()));
    const after = LANGUAGES[(LANGUAGES.indexOf(language()) + 1) % LANGUAGES.length] ?? "en";
    say(speech, { en: "English", ar: "العربية", fa: "فارسی" }[after] ?? after);
    set(speech, "lang", after);
  };
  const tick = () => {
    const at = now();
    revalue(utc, utcClock(at));
    const wanted = zones().map((zone) => `${localClock(at, zone.minutes)}${zone.name ? ` ${zone.name}` : ""}`);
    if (locals.children.length !== wanted.length) locals.replaceChildren(...wanted.map((one) => value(one)));
    wanted.forEach((one, index) => locals.children[index] && say(locals.children[index], one));
    const is_stale = isStale() && Number.isFinite(link.beat);
    show(stale, is_stale);
    if (is_stale) tell(stale, "bar.stale", { age: seconds(Math.floor(age() / 1000) * 1000) });
    document.documentElement.classList.toggle("is-stale", is_stale);
  };
  name(locals, "title", "bar.local");
  onWaiting((count, tries) => {
    show(waiting, count > 0 && tries > 1);
    tell(waiting, "bar.waiting", { count, tries });
  });
  for (const prefix of ["station", "leg/"]) watch(prefix, draw);
  onSound(draw);
  onLanguage(draw);
  setInterval(tick, 500);
  draw();
  tick();
}
