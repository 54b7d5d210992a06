/** What visitors see of an organisation follows what is typed. The button "Show" does the same without this. @module */

/** @param {string} id */
const typed = (id) => /** @type {HTMLInputElement | null} */ (document.getElementById(id))?.value.trim() ?? "";

/** What is missing in one language is said in another. @param {string} part */
const elsewhere = (part) => [...document.querySelectorAll(`[id^="text-"][id$="-${part}"]`)].map((one) => typed(one.id)).find(Boolean) ?? "";

/** @param {Element} card */
function follow(card) {
  for (const place of card.querySelectorAll("[data-from]")) {
    const { from = "", else: other } = /** @type {HTMLElement} */ (place).dataset;
    place.textContent = typed(from) || (other ? typed(other) || "…" : elsewhere(from.slice(from.lastIndexOf("-") + 1)));
  }
}

document.querySelector("form[data-shows]")?.addEventListener("input", () => {
  document.querySelectorAll("[data-card]").forEach(follow);
});
