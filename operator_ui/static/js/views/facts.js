/** What is known about a contact without asking. @module */
import { h } from "../view.js";
import { rowOf } from "../rows.js";
import { situation } from "./contacts.js";

/** Level 0. @param {string} contact @param {import("../record_state.js").Recorded} record @param {import("../record_pane.js").TabContext} context */
export function facts(contact, { kept }, { words, state }) {
  const row = rowOf(state(), contact);
  const known = kept?.automatic;
  /** @param {string} key @param {any} value */
  const fact = (key, value) => h("div", { key }, h("dt", {}, words.say(key)), h("dd", {}, value));
  return h("section", { class: "facts", key: "facts", "aria-labelledby": "facts-title" },
    h("h3", { id: "facts-title" }, words.say("record.facts")),
    h("dl", {},
      known === undefined ? null : [
        fact("record.door", words.say(`record.door_${known.door}`)),
        fact("record.language", words.language(known.language)),
        fact("record.since", h("time", { datetime: new Date(known.opened_at * 1000).toISOString() }, words.moment(known.opened_at))),
        known.waited === null ? null : fact("record.waited", words.lasting(known.waited)),
        known.lasted === null ? null : fact("record.lasted", words.lasting(known.lasted)),
        known.ended_by === null ? null : fact("record.ended_by", words.say(`record.ended_${known.ended_by}`)),
      ],
      row === null ? null : fact("record.state", words.say(situation(row, state().talks[row.contact]).sentence))));
}
