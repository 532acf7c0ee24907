// Puts the page of one station together: who sits here, what the station says, the three screens, the keys.
// @ts-check

import { at, made, set, show } from "./base/dom.js";
import * as keys from "./base/keys.js";
import { LANGUAGES, language, learn, learnMore, next, onLanguage, speak, tell } from "./base/locale.js";
import { become, me } from "./base/me.js";
import { duty, got, line, post } from "./base/net.js";
import * as player from "./base/player.js";
import { sheet } from "./base/sheet.js";
import * as store from "./base/store.js";
import { armedAction, begin, confirm, disarm, mainAction, setAway, start as startActions } from "./live/action.js";
import * as alarms from "./live/alarms.js";
import * as bar from "./live/bar.js";
import * as captions from "./live/captions.js";
import * as footer from "./live/footer.js";
import * as hand from "./live/hand.js";
import { Handset } from "./live/handset.js";
import { Help } from "./live/help.js";
import * as legs from "./live/line.js";
import * as message from "./live/message.js";
import { toNext } from "./live/slots.js";
import * as steps from "./live/steps.js";
import * as tones from "./live/tones.js";

/** @import { Span } from "./base/types.js" */

const REPLAY_S = 8;
const RATE_HZ = 8000;
const LEARN_MS = 3000;
const AGAIN_MS = 500;
const SCREENS = ["live", "shift", "review"];

/** What is played by F4: what was said last on the side's leg. @returns {Span | null} */
function lastWords() {
  const side = hand.leg(hand.inHand()?.leg ?? "") ?? hand.openLegs().find((one) => one.role === "side") ?? null;
  if (!side) return null;
  const to_sample = hand.newestSample(side);
  const from_sample = Math.max(0, to_sample - REPLAY_S * (side.rate_hz || RATE_HZ));
  return from_sample < to_sample ? { leg: side.leg, from_sample, to_sample } : null;
}

function replay() {
  if (player.isPlaying()) return player.stop();
  const span = lastWords();
  if (span) void player.play(span, hand.leg(span.leg)?.rate_hz ?? RATE_HZ);
}

/** The operator's leg that is on the line. */
function ownLeg() {
  return hand.openLegs().find((one) => one.role === "operator" && one.state !== "ringing") ?? null;
}

/** @param {Handset} handset */
function stop(handset) {
  disarm();
  player.stop();
  handset.setMuted(true);
  const own = ownLeg();
  if (own && !own.muted) void line("mute", { leg: own.leg });
}

/** @param {Handset} handset */
function openMicrophone(handset) {
  const own = ownLeg();
  if (!own?.muted && !handset.isMuted) return;
  const run = async () => {
    handset.setMuted(false);
    return own?.muted ? line("unmute", { leg: own.leg }) : undefined;
  };
  begin({ id: "unmute", twice: true, blocked: [], run }, "");
}

/** @param {string} kind */
function note(kind) {
  const about = hand.inHand()?.subject ?? ownLeg()?.leg ?? hand.openLegs()[0]?.leg;
  if (about) void duty(kind, { subject: about });
}

function mark() {
  const span = lastWords();
  if (span) void duty("MarkerSet", { leg: span.leg, sample: span.to_sample, text: "" });
}

async function changeLanguage() {
  await next();
  void post("/api/me/language", { language: language() });
}

/** Only where the items are seen. @param {number} step */
function toOpen(step) {
  if (!at("live").hidden) toNext(step);
}

/** @param {Help} help @param {Handset} handset */
function bindKeys(help, handset) {
  const { bind, once } = keys;
  const f9 = () => (armedAction() ? confirm() : begin(mainAction(), hand.inHand()?.subject ?? hand.NOTHING));
  /** @type {Record<string, () => void>} */
  const done = {
    esc: () => (help.isOpen ? help.close() : stop(handset)),
    f1: () => help.toggle(),
    f2: () => hand.takeNext(1),
    f4: replay,
    f8: () => toOpen(1),
    f9,
    again: () => note("SaidAgainAsked"),
    slower: () => note("SlowerAsked"),
  };
  bind("Escape", once(() => {
    help.close();
    stop(handset);
  }));
  bind("F1", once(() => done["f1"]?.()));
  bind("F2", once(() => hand.takeNext(1)));
  bind("Shift+F2", once(() => hand.takeNext(-1)));
  bind("F4", once(replay));
  bind("Shift+F4", () => void (player.back() || replay()));
  bind("F8", once(() => toOpen(1)));
  bind("Shift+F8", once(() => toOpen(-1)));
  bind("Shift+F9", once(() => openMicrophone(handset)));
  bind("Ctrl+Period", once(() => note("SaidAgainAsked")));
  bind("Ctrl+Comma", once(() => note("SlowerAsked")));
  bind("Ctrl+KeyM", once(mark));
  bind("Ctrl+Slash", once(() => void changeLanguage()));
  bind("Ctrl+Enter", once(() => begin(handset.action(), "")));
  return done;
}

/** @param {string} href */
function styled(href) {
  return new Promise((done, failed) => {
    const link = made("link", { rel: "stylesheet", href });
    link.addEventListener("load", done);
    link.addEventListener("error", () => {
      link.remove();
      failed(new Error(href));
    });
    document.head.append(link);
  });
}

/** The record's screen, which most pages never open: fetched when it is. @param {HTMLElement} parent */
function late(parent) {
  /** @type {import("./review/review.js").ReviewScreen | null} */
  let screen = null;
  const open = async () => {
    if (!screen) {
      const away = tell(made("p", { class: "none", role: "status" }), "review.unreachable");
      try {
        const [room, has_words] = await Promise.all([import("./review/review.js"), learnMore("review"), styled("/static/review/review.css")]);
        if (!has_words) throw new Error("no sentences");
        parent.replaceChildren();
        screen ??= new room.ReviewScreen(parent);
      } catch {
        parent.replaceChildren(away); // the station does not answer; opened again it is asked again
        return;
      }
    }
    await screen.open();
  };
  return { open };
}

/** The shift's screen, fetched once the live one is ready, or when it is opened. @param {HTMLElement} parent */
function later(parent) {
  /** @type {import("./shift/shift.js").ShiftScreen | null} */
  let screen = null;
  return async () => {
    if (screen) return;
    try {
      const room = await import("./shift/shift.js");
      screen ??= new room.ShiftScreen(parent, () => tones.sound("MEDIUM"));
    } catch {
      // The station does not answer, which STALE says; opened again it is asked again.
    }
  };
}

/** @param {HTMLElement} place @param {{open: () => Promise<void>}} review @param {() => Promise<void>} shift */
function screens(place, review, shift) {
  const buttons = SCREENS.map((screen) => {
    const button = tell(made("button", { type: "button", class: "small" }), `screen.${screen}`);
    button.addEventListener("click", () => choose(screen));
    return button;
  });
  place.append(...buttons);
  /** @param {string} wanted */
  const choose = (wanted) => {
    SCREENS.forEach((screen, index) => {
      show(at(screen), screen === wanted);
      const button = buttons[index];
      if (button) set(button, "aria-pressed", String(screen === wanted));
    });
    setAway(wanted === "live" ? null : () => choose("live"));
    if (wanted === "review") void review.open();
    if (wanted === "shift") void shift();
  };
  choose("live");
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

async function leave() {
  await post("/api/sign-out", {});
  location.reload();
}

async function meet() {
  const known = await got("/api/me");
  if (!known) return false;
  become(known);
  store.beat(known.server_utc);
  if (known.theme === "dark" || known.theme === "light") document.documentElement.dataset["theme"] = known.theme;
  return true;
}

async function main() {
  store.expect(sheet(at("over")));
  // Until the station answers there is nothing to show; the browser's own error page would come from a reload.
  while (!(await meet())) await pause(AGAIN_MS);
  while (!(await speak(me().language))) await pause(AGAIN_MS);
  const title = () => {
    document.title = `${me().theatre} · ${me().side}`;
  };
  onLanguage(title);
  title();
  tones.start();
  startActions();
  hand.start();
  const help = new Help(at("over"));
  const review = late(at("review"));
  const place = made("span", { class: "screens", role: "group" });
  const shift = later(at("shift"));
  screens(place, review, shift);
  bar.start(at("bar"), { screens: place, speech: () => void changeLanguage(), leave: () => void leave() });
  steps.start(at("steps"));
  legs.start(at("line"));
  const handset = new Handset(at("line"));
  captions.start(at("line"));
  message.start(at("work"));
  alarms.start(at("alarms"));
  footer.start(at("keys"), bindKeys(help, handset));
  keys.start();
  await store.start();
  document.documentElement.dataset["ready"] = "yes";
  // The other languages, so that they are there even while the desk is not.
  setTimeout(() => {
    void shift();
    for (const one of LANGUAGES) void learn(one);
  }, LEARN_MS);
}

void main();
