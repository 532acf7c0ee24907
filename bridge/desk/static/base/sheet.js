// The sign-in sheet over the page after a session has ended. The page stays as it was under it, with every letter typed.
// @ts-check

import { SignInForm } from "../door/form.js";
import { made } from "./dom.js";
import { language, onLanguage } from "./locale.js";

/** @param {HTMLElement} parent @returns {() => Promise<void>} resolves once somebody has signed in */
export function sheet(parent) {
  return () =>
    new Promise((done) => {
      const before = document.activeElement;
      const page = document.getElementById("page");
      if (page) page.inert = true;
      const form = new SignInForm(
        language(),
        () => {
          box.remove();
          if (page) page.inert = false;
          if (before instanceof HTMLElement) before.focus();
          done();
        },
        true,
      );
      const box = made("div", { class: "sheet", role: "dialog", "aria-modal": "true", "aria-labelledby": "door-title" }, form.element);
      parent.append(box);
      onLanguage(() => form.speak(language()));
      form.focus();
    });
}
