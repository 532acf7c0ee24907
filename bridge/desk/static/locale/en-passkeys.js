// Sentences about one's own passkeys in English. `{name}` becomes one value, kept whole and left to right.
// @ts-check

/** @type {Record<string, string>} */
export default {
  "passkeys.title": "Passkeys of {name}",
  "passkeys.how": "A passkey is a key on a device of yours. With it you sign in without password and digits.",
  "passkeys.none": "None yet.",
  "passkeys.used": "made {made}, last used {used}",
  "passkeys.unused": "made {made}, never used",
  "passkeys.remove": "Remove",
  "passkeys.label": "What you call the new one",
  "passkeys.password": "Password",
  "passkeys.code": "Six digits of your code device",
  "passkeys.make": "Make a passkey",
  "passkeys.close": "Close",
  "passkey-problem.sign-in": "Password or code is wrong. A code counts once: wait for the next.",
  "passkey-problem.wait": "Too many tries. Wait a little.",
  "passkey-problem.passkey": "The device's answer proves nothing. Try again.",
  "passkey-problem.passkey-taken": "This device has a passkey of this station already.",
  "passkey-problem.too-many-passkeys": "There are eight. Remove one first.",
  "passkey-problem.no-device": "No device has answered.",
  "passkey-problem.no-answer": "The station does not answer. The line goes on without this page.",
  "passkey-problem.no-name": "This station's page has no name: it can have no passkeys.",
  "passkey-problem.no-tls": "This station's page has no certificate: it can have no passkeys.",
  "passkey-problem.other": "That was refused.",
};
