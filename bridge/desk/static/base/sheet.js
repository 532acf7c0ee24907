// The sign-in sheet over the page after a session has ended. The page stays as it was under it, with every letter typed.
// @ts-check

import { made } from "./dom.js";
import { language, onLanguage } from "./locale.js";

const AGAIN_MS = 500;

/** The form is of no use before; it is fetched without a session. @returns {Promise<typeof import("../door/form.js")>} */
async function fetched() {
  for (;;) {
    try {
      return await import("../door/form.js");
    } catch {
      await new Promise((done) => setTimeout(done, AGAIN_MS)); // the station does not answer, which STALE says
    }
  }
}

/** @param {HTMLElement} parent @returns {() => Promise<void>} resolves once somebody has signed in */
export function sheet(parent) {
  return async () => {
    const { SignInForm } = await fetched();
    await new Promise((/** @type {(signed: void) => void} */ done) => {
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
  };
}
