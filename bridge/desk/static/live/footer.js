// The keys of this step, in the order of the keyboard, and what the last act was answered.
// @ts-check

import { made, set, show } from "../base/dom.js";
import { has, name, onLanguage, pieces, tell } from "../base/locale.js";
import { armedAction, isBusy, mainAction, onAction, onAnswer, reasons } from "./action.js";

/** @typedef {import("../base/net.js").Answer} Answer */

const SAID_MS = 12_000;

/** @param {string} keys @param {string} id @param {() => void} done */
function key(keys, id, done) {
  const label = tell(made("span", {}), `bar-key.${id}`);
  const button = made("button", { type: "button", class: "key" }, made("kbd", { dir: "ltr" }, keys), " ", label);
  button.addEventListener("click", done);
  return button;
}

/** A sentence for an answer that was no. @param {Answer} answer */
export function refusal(answer) {
  const known = `code.${answer.code}`;
  const parts = has(known) ? pieces(known) : pieces("code.other", { code: answer.code });
  return [...parts, ...reasons(answer.blocked).flatMap((one) => [" · ", one])];
}

/** @param {HTMLElement} parent @param {Record<string, () => void>} done by name of the key */
export function start(parent, done) {
  name(parent, "aria-label", "keys.title");
  const mainLabel = made("span", { class: "main-label" });
  const main = made("button", { type: "button", class: "key main" }, made("kbd", { dir: "ltr" }, "F9"), " ", mainLabel);
  const said = made("span", { class: "answer", role: "status" });
  main.addEventListener("click", () => done["f9"]?.());
  const rows = [
    ["F1", "f1"], ["F2", "f2"], ["F4", "f4"], ["F8", "f8"],
  ].map(([keys, id]) => key(keys ?? "", id ?? "", () => done[id ?? ""]?.()));
  const after = [["Ctrl+.", "again"], ["Ctrl+,", "slower"]].map(([keys, id]) => key(keys ?? "", id ?? "", () => done[id ?? ""]?.()));
  const stop = key("Esc", "esc", () => done["esc"]?.());
  stop.classList.add("stop");
  parent.append(stop, ...rows, main, ...after, said);

  const draw = () => {
    const armed = armedAction();
    const action = armed ?? mainAction();
    set(main, "aria-disabled", !action || action.blocked.length > 0 || isBusy(action.id) ? "true" : false);
    set(main, "data-act", action?.id ?? "");
    main.classList.toggle("armed", armed !== null);
    if (armed) tell(mainLabel, "action.press-enter", { what: tell(made("span", {}), `act.${armed.id}`) });
    else tell(mainLabel, action ? `act.${action.id}` : "bar-key.nothing");
  };
  let timer = 0;
  onAnswer((answer) => {
    window.clearTimeout(timer);
    const is_no = answer !== null && answer.result !== "done";
    set(said, "data-no", is_no);
    said.replaceChildren(...(answer && is_no ? refusal(answer) : pieces("answer.done")));
    show(said, true);
    timer = window.setTimeout(() => show(said, false), is_no ? SAID_MS : SAID_MS / 6);
  });
  onAction(draw);
  onLanguage(draw);
  draw();
}
