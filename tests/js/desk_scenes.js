/** Rows, entries and frames for the desk's tests. */

/** @typedef {import("../../operator_ui/static/js/frames.js").Row} Row */
/** @typedef {import("../../operator_ui/static/js/frames.js").Entry} Entry */
/** @typedef {import("../../operator_ui/static/js/frames.js").DeskIn} DeskIn */

/** @param {string} contact @param {Partial<Row>} [other] @returns {Row} */
export const row = (contact, other = {}) => ({
  contact, tag: contact.toUpperCase(), language: "fi", since: 100, state: "active", seq: 0, shown: 0, connected: true, turn: "yours", ...other,
});

/** @param {number} seq @param {Partial<Entry>} [other] @returns {Entry} */
export const entry = (seq, other = {}) => ({ seq, kind: "message", by: "visitor", at: 1000 + seq, text: `text ${seq}`, code: null, id: null, ...other });

/** @type {DeskIn} */
export const welcome = { t: "welcome", alias: "Anna", role: "operator", status: "available", capacity: 2 };

/** @param {Row[]} waiting @param {Row[]} mine @returns {DeskIn} */
export const line = (waiting, mine) => ({ t: "line", waiting, mine });

/** @param {string} contact @param {Entry} one @returns {DeskIn} */
export const arrival = (contact, one) => ({ t: "entry", contact, ...one });
