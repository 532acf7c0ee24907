// The nine steps of a message, and at which one the message in hand is.
// @ts-check

import { made, set } from "../base/dom.js";
import { name, tell } from "../base/locale.js";
import { stepOf } from "./course.js";
import { inHand, onHand } from "./hand.js";

const STEPS = 9;

/** @param {HTMLElement} parent */
export function start(parent) {
  const items = Array.from({ length: STEPS }, (_, index) => {
    const label = tell(made("span", {}), `step.${index + 1}`);
    return made("li", { class: "step" }, made("bdi", { class: "value", dir: "ltr" }, String(index + 1)), " ", label);
  });
  parent.append(made("ol", { class: "steps" }, ...items));
  name(parent, "aria-label", "steps.title");
  const draw = () => {
    const message = inHand();
    const step = stepOf(message);
    items.forEach((item, index) => {
      const number = index + 1;
      const is_done = message?.state === "closed" || number < step;
      set(item, "data-step", number === step ? "now" : is_done ? "done" : "later");
      set(item, "aria-current", number === step ? "step" : false);
      // What happens at the other station cannot be seen from here.
      const is_elsewhere = message?.half === "taking" ? number >= 7 && number < 9 : message?.half === "giving" && number < 6;
      set(item, "data-elsewhere", is_elsewhere === true);
    });
  };
  onHand(draw);
  draw();
}
