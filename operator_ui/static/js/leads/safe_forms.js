/**
 * Keeps what is typed into a lead's form from being lost. The forms work without this.
 *
 * Before a form is sent, the server is asked whether it is there and knows who is asking; if not, the page says so and
 * stays as it is. Leaving with unsaved changes asks first. Beside two times it says at once when they pass midnight.
 * @module
 */
import { passesMidnight } from "./night.js";

const HERE = "/desk/here";
const WAIT_MS = 5_000;

let leaving = false;
let changed = false;

/** @param {(input: string, init: RequestInit) => Promise<Response>} ask @returns {Promise<"here" | "away" | "session">} */
async function whereIsTheServer(ask) {
  try {
    const answer = await ask(HERE, { method: "GET", cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(WAIT_MS) });
    if (answer.status === 204) return "here";
    return answer.status === 401 || answer.status === 404 ? "session" : "away";
  } catch {
    return "away";
  }
}

/** @param {"away" | "session"} why */
function tell(why) {
  const words = document.getElementById("lead-words")?.dataset ?? {};
  document.getElementById("not-sent")?.remove();
  const box = document.createElement("div");
  box.id = "not-sent";
  box.className = "summary";
  box.tabIndex = -1;
  box.setAttribute("role", "alert");
  const title = document.createElement("h2");
  title.textContent = words["title"] ?? "";
  const text = document.createElement("p");
  text.textContent = words[why] ?? "";
  box.append(title, text);
  if (why === "session") {
    const link = document.createElement("a");
    Object.assign(link, { href: "/desk/sign-in", target: "_blank", rel: "noopener", textContent: words["signIn"] ?? "" });
    box.append(link);
  }
  document.querySelector("main h1")?.after(box);
  box.focus();
}

/** @param {SubmitEvent} event */
async function sending(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || leaving || event.defaultPrevented) return;
  event.preventDefault();
  const server = await whereIsTheServer((address, init) => fetch(address, init));
  if (server !== "here") return tell(server);
  leaving = true;
  form.requestSubmit(event.submitter instanceof HTMLElement ? event.submitter : undefined);
}

/** @param {Element} interval one row of the weekly editor */
function tellNight(interval) {
  const [starts, ends] = [...interval.querySelectorAll("input.time")].map((input) => /** @type {HTMLInputElement} */ (input).value);
  const night = interval.querySelector(".night");
  if (night !== null) night.textContent = passesMidnight(starts ?? "", ends ?? "") ? (/** @type {HTMLElement} */ (interval).dataset["ends"] ?? "") : "";
}

/** @param {Element} details languages of a row @param {string} usual what is said when none is chosen */
function tellLanguages(details, usual) {
  const chosen = [...details.querySelectorAll("label")].filter((label) => label.querySelector("input")?.checked).map((label) => label.textContent?.trim());
  const told = details.querySelector(".chosen-languages");
  if (told !== null) told.textContent = chosen.length > 0 ? chosen.join(", ") : usual;
}

document.addEventListener("submit", (event) => void sending(event));
document.addEventListener("input", (event) => {
  const target = /** @type {Element} */ (event.target);
  if (target.closest("form[data-keeps]") !== null) changed = true;
  const interval = target.closest(".interval");
  if (interval !== null) tellNight(interval);
});
document.addEventListener("change", (event) => {
  const details = /** @type {Element} */ (event.target).closest(".interval details");
  if (details !== null) tellLanguages(details, document.querySelector("form[data-usual]")?.getAttribute("data-usual") ?? "");
});
addEventListener("beforeunload", (event) => {
  if (changed && !leaving) event.preventDefault();
});
addEventListener("pageshow", () => (leaving = false));
