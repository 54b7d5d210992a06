/** What every page of ours does: Leave, one entry in the history, nothing left behind, the bar above a keyboard. */

import { byId } from "./dom.js";
import { armLeave } from "./leave.js";

/** @typedef {import("./announcer.js").Announcer} Announcer */

/** @param {() => void} forget takes everything that was written off the page @param {Announcer} announcer */
export const dressSite = (forget, announcer) => {
  armLeave(forget, announcer);

  // One history entry for the whole site: every link of ours replaces.
  addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a");
    if (!link || link.origin !== location.origin || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    // No fragment ever enters the address: such a link moves the focus itself.
    if (link.hash) byId(link.hash.slice(1)).focus();
    else location.replace(link.href);
  });
  // A page may come back from the back/forward cache with its text: it goes before the page does.
  addEventListener("pagehide", forget);
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  // The bar and the composer stay in sight above an on-screen keyboard.
  const sight = window.visualViewport;
  const place = () => {
    if (!sight) return;
    const style = document.documentElement.style;
    style.setProperty("--above", Math.round(sight.offsetTop) + "px");
    style.setProperty("--below", Math.max(0, Math.round(innerHeight - sight.height - sight.offsetTop)) + "px");
  };
  sight?.addEventListener("resize", place);
  sight?.addEventListener("scroll", place);
};
