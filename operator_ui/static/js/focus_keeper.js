/**
 * Focus never disappears: when the thing that had it is taken away by a change, focus goes to the same thing drawn anew,
 * else to its nearest neighbour, else to the pane it stood in.
 * @module
 */

/**
 * Runs a change of the page and mends focus after it.
 * @param {Document} document
 * @param {() => void} change
 */
export function keepingFocus(document, change) {
  const had = document.activeElement;
  if (had === null || had === document.body) return change();
  const key = had.getAttribute("data-focus");
  const pane = had.closest("[data-pane]");
  const neighbours = key === null ? [] : nearby(pane ?? document.body, had);
  change();
  if (had.isConnected && document.activeElement === had) return;
  if (document.activeElement !== document.body && document.activeElement !== null) return; // somebody moved it on purpose
  const scope = pane?.isConnected ? pane : document.body;
  for (const name of key === null ? [] : [key, ...neighbours]) {
    const found = scope.querySelector(`[data-focus="${CSS.escape(name)}"]`);
    if (focused(found)) return;
  }
  focused(scope.querySelector("[data-pane-start]") ?? scope);
}

/**
 * Names of the focusable things around, nearest first.
 * @param {Element} scope
 * @param {Element} had
 * @returns {string[]}
 */
function nearby(scope, had) {
  const all = [...scope.querySelectorAll("[data-focus]")];
  const at = all.indexOf(had);
  return all
    .map((element, order) => ({ name: element.getAttribute("data-focus") ?? "", far: Math.abs(order - at) - (order > at ? 0.5 : 0) }))
    .filter(({ far }) => far > 0)
    .sort((a, b) => a.far - b.far)
    .map(({ name }) => name);
}

/**
 * @param {Element | null} element
 * @returns {boolean} it took the focus
 */
function focused(element) {
  if (!(element instanceof HTMLElement)) return false;
  element.focus({ preventScroll: true });
  return element.ownerDocument.activeElement === element;
}
