/** A page that is only read: Leave, and one entry in the history. */

import { Announcer } from "./announcer.js";
import { byId } from "./dom.js";
import { dressSite } from "./site.js";

const announcer = new Announcer(byId("announcer"), String);

dressSite(() => announcer.empty(), announcer);
