/**
 * A description of what should stand on the page: plain objects, made by the views, laid into the document by
 * reconcile.js. There is no way to say "this string is markup".
 * @module
 */

/**
 * @typedef {string | number | boolean | null | undefined} Value
 * @typedef {(event: any) => void} Handler
 * @typedef {{tag: string, key: string | null, attrs: Record<string, Value>, value: string | null,
 *   on: Record<string, Handler>, children: Node[] | null, svg: boolean}} Element
 *   `children` null: somebody else fills it; `value`: of a form field, the live one
 * @typedef {Element | string} Node
 * @typedef {{key?: string, value?: string, on?: Record<string, Handler>, island?: boolean} & Record<string, any>} Props
 * @typedef {Node | null | false | undefined | Child[]} Child
 */

/**
 * @param {string} tag
 * @param {Props} [props] `key`, `value`, `on`, `island`; the rest are attributes
 * @param {...any} children nodes, nested lists; null and false are left out
 * @returns {Element}
 */
export function h(tag, props = {}, ...children) {
  const { key = null, value = null, on = {}, island = false, ...attrs } = props;
  return { tag, key, attrs, value, on, children: island ? null : flat(children), svg: tag === "svg" || tag === "use" };
}

/**
 * @param {string} name of a symbol in the page's sprite
 * @returns {Element} decoration: the text beside it says the same
 */
export function icon(name) {
  return h("svg", { class: "icon", "aria-hidden": "true", focusable: "false" }, h("use", { href: `#icon-${name}` }));
}

/**
 * @param {any[]} children
 * @returns {Node[]}
 */
function flat(children) {
  /** @type {Node[]} */
  const nodes = [];
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    nodes.push(typeof child === "object" ? child : String(child));
  }
  return nodes;
}
