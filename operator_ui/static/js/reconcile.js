/**
 * Lays a description into the document with as little change as possible: a node keeps its identity (and with it focus,
 * selection, scroll position) as long as its key and tag stay. Text becomes text nodes, never markup.
 * @module
 */

/**
 * @typedef {import("./view.js").Node} View
 * @typedef {import("./view.js").Element} ViewElement
 * @typedef {{view: ViewElement, listeners: Set<string>}} Memory
 */

const SVG = "http://www.w3.org/2000/svg";

/** @type {WeakMap<Node, Memory>} */
const memories = new WeakMap();

/**
 * @param {Element} parent
 * @param {(View | null | false)[]} views null and false are left out
 */
export function reconcile(parent, views) {
  const { keyed, loose } = sorted(parent);
  const nodes = views.filter((view) => view !== null && view !== false).map((view) => settle(parent.ownerDocument, view, taken(view, keyed, loose)));
  const wanted = new Set(nodes);
  for (const node of [...parent.childNodes]) if (!wanted.has(node)) node.remove();
  let cursor = parent.firstChild;
  for (const node of nodes) {
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
}

/**
 * The nodes that are there, by key, and those without one by kind and order.
 * @param {Element} parent
 */
function sorted(parent) {
  /** @type {Map<string, Node>} */
  const keyed = new Map();
  /** @type {Map<string, Node[]>} */
  const loose = new Map();
  for (const node of parent.childNodes) {
    const view = memories.get(node)?.view;
    if (view !== undefined && view.key !== null) keyed.set(`${view.tag} ${view.key}`, node);
    else {
      const kind = view?.tag ?? (node.nodeType === 3 ? "#text" : "#strange");
      const same = loose.get(kind);
      if (same === undefined) loose.set(kind, [node]);
      else same.push(node);
    }
  }
  return { keyed, loose };
}

/**
 * @param {View} view
 * @param {Map<string, Node>} keyed
 * @param {Map<string, Node[]>} loose
 * @returns {Node | null}
 */
function taken(view, keyed, loose) {
  if (typeof view === "string") return loose.get("#text")?.shift() ?? null;
  if (view.key === null) return loose.get(view.tag)?.shift() ?? null;
  const name = `${view.tag} ${view.key}`;
  const node = keyed.get(name) ?? null;
  keyed.delete(name);
  return node;
}

/**
 * @param {Document} document
 * @param {View} view
 * @param {Node | null} node the one to keep, or null
 * @returns {Node}
 */
function settle(document, view, node) {
  if (typeof view === "string") {
    if (node === null) return document.createTextNode(view);
    if (node.nodeValue !== view) node.nodeValue = view;
    return node;
  }
  const element = /** @type {HTMLElement} */ (node ?? (view.svg ? document.createElementNS(SVG, view.tag) : document.createElement(view.tag)));
  const memory = memories.get(element) ?? { view: { ...view, attrs: {} }, listeners: new Set() };
  attributes(element, memory.view.attrs, view.attrs);
  memory.view = view;
  memories.set(element, memory);
  listen(element, memory);
  if (view.children !== null) reconcile(element, view.children);
  if (view.value !== null && "value" in element && element.value !== view.value) element.value = view.value;
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {Record<string, import("./view.js").Value>} before
 * @param {Record<string, import("./view.js").Value>} after
 */
function attributes(element, before, after) {
  for (const name of Object.keys(before)) if (!(name in after)) element.removeAttribute(name);
  for (const [name, value] of Object.entries(after)) {
    if (/^on/i.test(name)) throw new TypeError("handlers go in `on`");
    if (value === false || value === null || value === undefined) {
      if (element.hasAttribute(name)) element.removeAttribute(name);
    } else {
      const text = value === true ? "" : String(value);
      if (element.getAttribute(name) !== text) element.setAttribute(name, text);
    }
  }
}

/**
 * One listener per kind of event and node; it looks up the handler of the latest description.
 * @param {HTMLElement} element
 * @param {Memory} memory
 */
function listen(element, memory) {
  for (const type of Object.keys(memory.view.on)) {
    if (memory.listeners.has(type)) continue;
    memory.listeners.add(type);
    element.addEventListener(type, (event) => memory.view.on[type]?.(event));
  }
}
