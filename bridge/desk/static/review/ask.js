// Asking the record: one question at a time, the newest wins; a record that is still being read is asked again.
// @ts-check

import { got } from "../base/net.js";

const AGAIN_MS = 700;
const TRIES = 60;
const LIMIT_MS = 12_000;
const WHEN = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?)Z?)?$/;

/** @typedef {{body: any, code: string}} Found `code` is empty where `body` is the answer */

/** @param {string} path @returns {Promise<Found>} */
export async function ask(path) {
  for (let tries = 1; ; tries += 1) {
    const found = await once(path);
    if (found.code !== "catching-up" || tries >= TRIES) return found;
    await new Promise((done) => setTimeout(done, AGAIN_MS));
  }
}

/** @param {string} path @returns {Promise<Found>} */
async function once(path) {
  try {
    const response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(LIMIT_MS) });
    if (response.status === 401) {
      const body = await got(path); // asks to sign in again
      return body ? { body, code: "" } : { body: null, code: "no-session" };
    }
    const body = await response.json();
    return response.ok ? { body, code: "" } : { body: null, code: String(body?.code ?? `http-${response.status}`) };
  } catch {
    return { body: null, code: "unreachable" };
  }
}

/** @param {string} what @param {Record<string, string>} query values that are empty ask nothing */
export function path(what, query) {
  const asked = new URLSearchParams(Object.entries(query).filter(([, worth]) => worth));
  const text = asked.toString();
  return `/api/review/${what}${text ? `?${text}` : ""}`;
}

/** A time as a person types it, in the record's form; what is no time goes out as it is and is refused. @param {string} typed */
export function utcOf(typed) {
  const found = WHEN.exec(typed.trim());
  if (!found) return typed.trim();
  return found[2] ? `${found[1]}T${found[2]}Z` : `${found[1]}`;
}

/** A name as a part of a path: its slashes stay. @param {string} name */
export function part(name) {
  return name.split("/").map(encodeURIComponent).join("/");
}
