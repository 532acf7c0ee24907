// Shows the state of one station, once a second. Text goes in through textContent only; the page sends nothing.
// @ts-check

const EVERY_MS = 1000;
const STALE_MS = 2500;
const RTL = new Set(["ar", "fa"]);
let answeredAt = performance.now();

/** @param {string} id */
function at(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element ${id}`);
  return found;
}

/**
 * @param {string} tag
 * @param {string} [text]
 * @param {string} [className]
 */
function made(tag, text = "", className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

/** A value that must not be torn or turned round in a right-to-left page. @param {string} text */
function value(text) {
  const element = made("bdi", text, "value");
  element.dir = "ltr";
  return element;
}

/** What somebody said, in the direction of the language. @param {string} text @param {string} language */
function words(text, language) {
  const element = made("bdi", text);
  element.dir = language ? (RTL.has(language) ? "rtl" : "ltr") : "auto";
  if (language) element.lang = language;
  return element;
}

/** @param {number} ms */
function age(ms) {
  if (ms < 0) return "none yet";
  return ms < 60000 ? `${Math.floor(ms / 1000)} s ago` : `${Math.floor(ms / 60000)} min ago`;
}

/** @param {any} state */
function showState(state) {
  const health = state.health;
  /** @type {[string, string][]} */
  const rows = [
    ["Line", health.line],
    ["Trunk", health.trunk],
    ["Ledger", `${health.ledger}, ${health.ledger_entries} entries`],
    ["Newest entry", age(health.newest_entry_age_ms)],
    ["Disk", `room for ${health.disk_days} busy days`],
    ["Clock", health.clock],
  ];
  at("state").replaceChildren(
    ...rows.flatMap(([name, text]) => {
      const dd = made("dd");
      dd.append(value(text));
      return [made("dt", name), dd];
    }),
  );
}

/** @param {any[]} alarms */
function showAlarms(alarms) {
  const items = alarms.map((alarm) => {
    const item = made("li", `${alarm.priority}: `, ["HIGH", "MEDIUM", "LOW"].includes(alarm.priority) ? alarm.priority : "");
    item.append(value(alarm.alarm), " ", value(alarm.leg), " ", value(alarm.utc));
    return item;
  });
  at("alarms").replaceChildren(...(items.length ? items : [made("li", "None.")]));
}

/** @param {any[]} legs */
function showLegs(legs) {
  at("legs").replaceChildren(
    ...legs.map((leg) => {
      const row = made("tr");
      const state = leg.state === "ended" ? `ended: ${leg.outcome}` : leg.holds ? `${leg.state}, on hold` : leg.state;
      for (const text of [leg.leg, leg.role, state, leg.since, leg.health]) {
        const cell = made("td");
        cell.append(value(text));
        row.append(cell);
      }
      return row;
    }),
  );
}

/** @param {any[]} captions */
function showCaptions(captions) {
  const items = captions.map((caption) => {
    const item = made("li");
    const said = made("p", "", caption.final ? "final" : "partial");
    said.append(words(caption.text, caption.language));
    item.append(value(`${caption.utc} ${caption.leg}`), said);
    return item;
  });
  at("captions").replaceChildren(...items);
}

async function turn() {
  try {
    const response = await fetch("/state", { cache: "no-store", signal: AbortSignal.timeout(2000) });
    if (!response.ok) throw new Error(String(response.status));
    const state = await response.json();
    at("name").textContent = `${state.name} (${state.side})`;
    at("theatre").textContent = state.theatre;
    at("exercise").hidden = !state.exercise;
    document.title = `${state.name}: ${state.health.line}`;
    showState(state);
    showAlarms(state.alarms);
    showLegs(state.legs);
    showCaptions(state.captions);
    answeredAt = performance.now();
  } catch {
    // Said by the STALE line below once it has lasted; the next turn tries again.
  }
  at("stale").hidden = performance.now() - answeredAt < STALE_MS;
  setTimeout(turn, EVERY_MS);
}

void turn();
