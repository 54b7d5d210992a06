/** Small words for the document. Text only ever enters through `textContent`: no address, no markup is made of it. */

/** @param {string} id @returns {HTMLElement} */
export const byId = (id) => {
  const found = document.getElementById(id);
  if (!found) throw new Error("no element " + id);
  return found;
};

/** @param {string} tag @param {string} className @param {string} [text] @returns {HTMLElement} */
export const make = (tag, className, text) => {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  return made;
};

/** A sentence in the language of the page; `n` takes the place of {n}. @param {string} key @param {number} [n] @returns {string} */
export const sentence = (key, n) => {
  const words = /** @type {HTMLTemplateElement} */ (byId("words"));
  const found = words.content.querySelector('[data-key="' + key + '"]');
  return (found ? found.textContent || "" : "").replace("{n}", String(n));
};
