/**
 * Every action of the desk by name, for the palette. What cannot be undone asks first, here too.
 * @module
 */
import { toFinish } from "./record_desk.js";
import { isFull, myRows, rowOf } from "./rows.js";

/**
 * @param {import("./state.js").State} state
 * @param {import("./page.js").Page} page
 * @returns {import("./palette.js").Command[]}
 */
export function commandsOf(state, page) {
  const { words, desk } = page;
  /** @type {import("./palette.js").Command[]} */
  const commands = [];
  /** @param {string} id @param {string} label @param {() => void} run @param {string} [hint] */
  const add = (id, label, run, hint = "") => commands.push({ id, label, run, hint });

  for (const offer of state.offers) {
    add(`accept-${offer.contact}`, words.say("command.accept", { tag: offer.tag }), () => desk.accept(offer.contact));
    add(`decline-${offer.contact}`, words.say("command.decline", { tag: offer.tag }), () => desk.decline(offer.contact));
  }
  const row = rowOf(state, state.current);
  const talk = row === null ? undefined : state.talks[row.contact];
  if (row !== null && talk !== undefined) {
    if (talk.phase !== "over") add("write", words.say("command.write", { tag: row.tag }), () => page.focusOn("message"));
    if (state.records[row.contact]?.phase === "ready") add("finish", words.say("command.finish", { tag: row.tag }), () => void page.records.finish(row.contact, true), "Ctrl+Enter");
    add("note", words.say("command.note", { tag: row.tag }), () => page.focusOn("note"));
    if (talk.phase === "open") {
      add("hand_over", words.say("command.hand_over", { tag: row.tag }), () => desk.askHandOver(row.contact, ""));
      add("danger", words.say("command.danger", { tag: row.tag }), () => desk.flag(row.contact, !row.danger));
      if (row.until) add("extend", words.say("command.extend", { tag: row.tag }), () => desk.extend(row.contact));
    }
    if (talk.phase !== "over") add("end", words.say("command.end", { tag: row.tag }), () => desk.askEnd(row.contact));
    else add("set_aside", words.say("command.set_aside", { tag: row.tag }), () => desk.setAside(row.contact));
  }
  if (row !== null && state.records[row.contact] !== undefined) add("erase", words.say("command.erase", { tag: row.tag }), () => void open(`/desk/closed/${encodeURIComponent(row.contact)}/erase`, "_blank", "noopener"));
  for (const one of myRows(state)) if (one.contact !== state.current) add(`go-${one.contact}`, words.say("command.go", { tag: one.tag }), () => desk.choose(one.contact));
  for (const one of toFinish(state)) if (one.contact !== state.current) add(`go-${one.contact}`, words.say("command.go", { tag: one.tag }), () => desk.choose(one.contact));
  for (const one of isFull(state) ? [] : state.waiting) if (one.state === "waiting") add(`take-${one.contact}`, words.say("command.take", { tag: one.tag, spoken: words.language(one.language) }), () => desk.accept(one.contact));
  for (const one of state.forms.rows) if (one.state !== "taken") add(`form-${one.contact}`, words.say("command.form", { tag: one.tag, spoken: words.language(one.language) }), () => void page.forms.open(one.contact));
  if (state.presence === "break") add("available", words.say("command.available"), () => desk.setPresence("available"));
  else add("break", words.say("command.break"), () => desk.setPresence("break"));
  add("pane-contacts", words.say("command.contacts"), () => page.toPane("contacts"), "F6");
  add("pane-conversation", words.say("command.conversation"), () => page.toPane("conversation"), "F6");
  add("pane-record", words.say("command.record"), () => page.toPane("record"), "F6");
  if (state.line === "lost") add("try_now", words.say("line.try_now"), () => page.tryNow());
  add("keys", words.say("command.keys"), () => page.openSheet("keys"), "?");
  for (const { code, label } of page.languages) add(`language-${code}`, label, () => page.useLanguage(code));
  add("lock", words.say("command.lock"), () => void page.lock.lock());
  add("sign_out", words.say("command.sign_out"), () => desk.askSignOut());
  return commands;
}
