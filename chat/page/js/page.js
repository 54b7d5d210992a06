/** The visitor's page is put to work. Everything here also works without it. */

import { follow } from "./availability.js";
import { announcer } from "./here.js";
import { dressSite } from "./site.js";
import { talk } from "./talk.js";

let forget = () => {};

if (document.getElementById("log")) {
  forget = talk();
  // Only now: a script that failed on the way leaves the frames that work without it.
  document.documentElement.classList.add("js");
  document.querySelector(".not-js")?.remove();
  follow();
}
dressSite(forget, announcer);
