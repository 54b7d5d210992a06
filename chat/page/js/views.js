/** Which part of the document is shown. */

import { listen } from "./availability.js";

/** @param {string} view */
export const show = (view) => {
  const within = document.activeElement && document.activeElement.closest("[data-view]");
  document.querySelectorAll("[data-view]").forEach((part) => {
    const here = part instanceof HTMLElement && part.dataset.view === view;
    part.toggleAttribute("hidden", !here);
    // Focus never moves by itself, unless what had it is gone.
    const heading = here && part.querySelector("h2");
    if (heading && within && within !== part) heading.focus();
  });
  document.body.dataset.now = view;
  listen();
};
