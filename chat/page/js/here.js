/** What every part of the page shares: its language, the one voice to screen readers, and how it posts. */

import { Announcer } from "./announcer.js";
import { byId, sentence } from "./dom.js";

export const lang = document.documentElement.lang;
export const announcer = new Announcer(byId("announcer"), (n) => sentence("talk.several", n));

/** @param {string} path @param {URLSearchParams} [body] @returns {Promise<Response>} */
export const post = (path, body) => fetch("/" + lang + path, { method: "POST", headers: { accept: "application/json" }, keepalive: true, body });
