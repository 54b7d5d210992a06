/**
 * Which key does what. Nothing that cannot be undone has a key of its own; ending a conversation is a command of the
 * palette and asks first.
 * @module
 */

/**
 * @typedef {"next_pane" | "previous_pane" | "next_contact" | "previous_contact" | "next_turn" | "previous_turn"
 *   | "palette" | "keys" | "save_note"} KeyAction
 * @typedef {{key: string, alt: boolean, ctrl: boolean, shift: boolean, meta: boolean, composing: boolean,
 *   place: "note" | "text" | "elsewhere"}} Press `place`: where the cursor is
 */

/**
 * @param {Press} press
 * @returns {KeyAction | null}
 */
export function meant(press) {
  if (press.composing) return null;
  const command = press.ctrl !== press.meta; // Ctrl, or the command key of a Mac, not both
  if (press.key === "F6" && !press.alt && !press.ctrl && !press.meta) return press.shift ? "previous_pane" : "next_pane";
  if (press.alt && !press.ctrl && !press.meta) {
    if (press.key === "ArrowDown") return press.shift ? "next_turn" : "next_contact";
    if (press.key === "ArrowUp") return press.shift ? "previous_turn" : "previous_contact";
    return null;
  }
  if (command && !press.alt && !press.shift) {
    if (press.key.toLowerCase() === "k") return "palette";
    // In the message composer Ctrl+Enter does nothing: a hand used to saving notes must not send one to the visitor.
    if (press.key === "Enter" && press.place === "note") return "save_note";
    return null;
  }
  return press.key === "?" && !press.ctrl && !press.meta && press.place === "elsewhere" ? "keys" : null;
}

/** What the `?` list shows: keys, and the sentence for each. */
export const KEY_LIST = /** @type {const} */ ([
  [["F6"], "keys.panes"],
  [["Alt", "↓"], "keys.next_contact"],
  [["Alt", "↑"], "keys.previous_contact"],
  [["Alt", "Shift", "↓"], "keys.next_turn"],
  [["Alt", "Shift", "↑"], "keys.previous_turn"],
  [["Ctrl", "K"], "keys.palette"],
  [["Enter"], "keys.send"],
  [["Shift", "Enter"], "keys.new_row"],
  [["Ctrl", "Enter"], "keys.save_note"],
  [["Ctrl", "Enter"], "keys.finish"],
  [["1", "9"], "keys.digits"],
  [["?"], "keys.list"],
]);
