/**
 * The desk's sentences in the person's language, times and names of languages. One key is one whole sentence.
 * @module
 */

/**
 * @typedef {{
 *   say: (key: string, values?: Record<string, string | number>) => string,
 *   count: (key: string, n: number, values?: Record<string, string | number>) => string,
 *   has: (key: string) => boolean,
 *   clock: (seconds: number) => string,
 *   moment: (seconds: number) => string,
 *   day: (seconds: number) => string,
 *   date: (date: string) => string,
 *   lasting: (seconds: number) => string,
 *   language: (code: string) => string}} WordBook
 *   `date`: YYYY-MM-DD in words; `clock`: a moment as 24-hour clock time; `moment`: with its day; `lasting`: a duration as m:ss, or h:mm:ss from an hour on
 */

/**
 * @param {Record<string, string>} catalogue
 * @param {string} locale
 * @param {string} [zone] IANA name; without it, the clock of this device
 * @returns {WordBook}
 */
export function makeWords(catalogue, locale, zone) {
  const plural = new Intl.PluralRules(locale);
  const here = locale === "sv" ? "sv-FI" : locale; // Swedish of Finland: 13.00
  const clock = new Intl.DateTimeFormat(here, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
  const moment = new Intl.DateTimeFormat(here, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: zone });
  const whole = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
  const languages = new Intl.DisplayNames([locale], { type: "language", fallback: "code" });

  /** @type {WordBook["say"]} */
  const say = (key, values = {}) => filled(catalogue[key] ?? key, values);

  return {
    say,
    count: (key, n, values = {}) => {
      const own = `${key}.${plural.select(n)}`;
      return say(own in catalogue ? own : `${key}.other`, { n, ...values });
    },
    has: (key) => key in catalogue,
    clock: (seconds) => clock.format(new Date(seconds * 1000)),
    day: (seconds) => day.format(new Date(seconds * 1000)),
    moment: (seconds) => moment.format(new Date(seconds * 1000)),
    date: (written) => whole.format(new Date(written)),
    lasting,
    language: (code) => {
      try {
        return languages.of(code) ?? code;
      } catch {
        return code;
      }
    },
  };
}

/**
 * @param {string} sentence with {names}
 * @param {Record<string, string | number>} values
 */
function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/**
 * @param {number} seconds
 * @returns {string}
 */
export function lasting(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
