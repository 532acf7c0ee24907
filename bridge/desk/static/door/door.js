// The page before a session: the sign-in form in one of the three languages.
// @ts-check

import { SignInForm } from "./form.js";
import { NAMES, WORDS } from "./words.js";

const door = document.getElementById("door");
if (!door) throw new Error("no element door");
const wished = navigator.languages.map((one) => one.slice(0, 2)).find((one) => one in WORDS) ?? "en";
const form = new SignInForm(wished, () => location.reload(), false);

/** @param {string} language */
function speak(language) {
  document.documentElement.lang = language;
  document.documentElement.dir = language === "en" ? "ltr" : "rtl";
  form.speak(language);
  document.title = form.word("title");
  for (const button of choice.children) button.setAttribute("aria-pressed", String(button.getAttribute("lang") === language));
}

const choice = document.createElement("p");
choice.className = "languages";
for (const [language, name] of Object.entries(NAMES)) {
  const button = document.createElement("button");
  button.type = "button";
  button.lang = language;
  button.textContent = name;
  button.addEventListener("click", () => speak(language));
  choice.append(button);
}
door.append(form.element, choice);
speak(wished);
form.focus();
