// Signing in by passkey: a device proves itself and its holder, in place of name, password and code. Fetched only where a
// browser can do it.
// @ts-check

import { send } from "./form.js";

/** Ask the station, then the device; the station's answer to the device's. @returns {Promise<Response>} */
export async function prove() {
  const asked = await send("/api/sign-in/passkey/options", {});
  if (!asked.ok) return asked;
  const { options } = await asked.json();
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const found = await navigator.credentials.get({ publicKey });
  return send("/api/sign-in/passkey", { credential: answer(found) });
}

/** What a device has said, as the station reads it. @param {Credential | null} found */
export function answer(found) {
  if (!(found instanceof PublicKeyCredential)) throw new DOMException("no passkey", "NotAllowedError");
  const { id, rawId, type, response } = found.toJSON();
  return { id, rawId, type, response };
}
