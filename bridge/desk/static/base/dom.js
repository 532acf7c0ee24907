// Elements made and kept. Text goes in as text only; what is redrawn stays the same element, so that focus, caret and
// selection live through every change of the state.
// @ts-check

/** @typedef {string | number | Node | null | undefined | false} Piece */

const RTL = new Set(["ar", "fa"]);

/** @param {string} language */
export function direction(language) {
  return RTL.has(language) ? "rtl" : "ltr";
}

/** @param {string} id */
export function at(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element ${id}`);
  return found;
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | boolean>} [attributes] `class`, `aria-...` and the like; false leaves one out
 * @param {...Piece} pieces
 * @returns {HTMLElementTagNameMap[T]}
 */
export function made(tag, attributes = {}, ...pieces) {
  const element = document.createElement(tag);
  for (const [name, worth] of Object.entries(attributes)) set(element, name, worth);
  element.append(...pieces.filter((one) => one !== null && one !== undefined && one !== false).map(asNode));
  return element;
}

/** @param {Piece} piece @returns {Node | string} */
function asNode(piece) {
  return piece instanceof Node ? piece : String(piece);
}

/** Set or take away one attribute, touching the element only where it changes. @param {Element} element @param {string} name @param {string | boolean} worth */
export function set(element, name, worth) {
  if (worth === false) element.removeAttribute(name);
  else {
    const text = worth === true ? "" : worth;
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}

/** @param {Node} node @param {string} text */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** @param {HTMLElement} element @param {boolean} visible */
export function show(element, visible) {
  if (element.hidden === visible) element.hidden = !visible;
}

/** A value that must not be torn or turned round in a right-to-left sentence. @param {string | number} text */
export function value(text) {
  return made("bdi", { dir: "ltr", class: "value" }, String(text));
}

/** Change a value in place. @param {HTMLElement} element @param {string | number} text */
export function revalue(element, text) {
  say(element, String(text));
}

/** What a person said or wrote, in the direction of its language. @param {string} text @param {string} language */
export function words(text, language) {
  /** @type {Record<string, string>} */
  const attributes = language ? { dir: direction(language), lang: language } : { dir: "auto" };
  return made("bdi", attributes, text);
}

/**
 * Make the children of `parent` be one element an item, in order. Elements of items that stay are kept and only moved
 * where they must be.
 * @template I
 * @template {HTMLElement} E
 * @param {HTMLElement} parent
 * @param {readonly I[]} items
 * @param {(item: I) => string} key unique among the items
 * @param {(item: I) => E} make
 * @param {(element: E, item: I) => void} update
 */
export function keep(parent, items, key, make, update) {
  const old = new Map([...parent.children].map((child) => [child.getAttribute("data-key") ?? "", child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    const known = old.get(name);
    old.delete(name);
    const element = /** @type {E} */ (known ?? make(item));
    if (!known) element.setAttribute("data-key", name);
    update(element, item);
    if (element === place) place = place.nextElementSibling;
    else parent.insertBefore(element, place);
  }
  for (const gone of old.values()) gone.remove();
}
