/**
 * Finding what could identify somebody in a note. The same rules as contacts/identifying.py, where they are explained; both
 * are asked the same questions (tests/fixtures/identifying.json). A warning, never a refusal.
 * @module
 */

/** @typedef {"telephone" | "address" | "email" | "identity_code"} Identifying */

const L = "A-Za-z\\u00c0-\\u024f";
const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xff10];
const EMAIL = new RegExp(`[^\\s@<>]+ ?@ ?[^\\s@<>]+\\.[${L}]{2,}`);
const IDENTITY_CODE = new RegExp(`(?<![0-9${L}])[0-3][0-9][01][0-9]{3} ?[-+ABCDEFUVWXYabcdefuvwxy] ?[0-9]{3}[0-9A-Ya-y](?![0-9${L}])`, "g");
const DATE = /(?<![0-9.])[0-9]{1,2}\. ?[0-9]{1,2}\.(?: ?[0-9]{4}|[0-9]{2})?(?![0-9])|(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])/g;
const NUMBER = /(?<![0-9])[+0-9](?:[ ()./\u00a0\u2010-\u2015-]{0,2}[0-9]){6,16}(?![0-9])/g;
const STREETS = "katu|kadu|tie|kuja|polku|polu|kaari|rinne|rintee|aukio|tori|bulevardi|väylä|raitti|raiti|esplanadi"
  + "|gata|gatan|väg|vägen|gränd|gränden|stig|stigen|torg|torget|allé|allén|esplanaden";
const STREET = new RegExp(`(?<![${L}])[${L}'’-]*(?:${STREETS})[${L}]{0,4} [0-9]{1,4}(?![0-9:.,/%])`, "i");
const STREET_AFTER = new RegExp(`(?<![0-9])[0-9]{1,4}[a-z]? (?:[${L}'’-]+ ){1,3}(?:street|st|road|rd|avenue|ave|lane|drive|square)(?![${L}])`, "i");
const POSTAL = new RegExp(`(?<![0-9${L}])(?:FI-|SE-)?[0-9]{3} ?[0-9]{2} [A-ZÅÄÖ][${L}]{2,}`);

/**
 * What was found, each kind once, in a fixed order.
 * @param {string} text
 * @returns {Identifying[]}
 */
export function identifying(text) {
  const plain = withPlainDigits(text);
  const rest = plain.replace(IDENTITY_CODE, " ").replace(DATE, " ");
  /** @type {[Identifying, boolean][]} */
  const found = [
    ["telephone", [...rest.matchAll(NUMBER)].some(([written]) => isTelephone(written))],
    ["address", STREET.test(plain) || STREET_AFTER.test(plain) || POSTAL.test(plain)],
    ["email", EMAIL.test(plain)],
    ["identity_code", plain.search(IDENTITY_CODE) >= 0],
  ];
  return found.filter(([, there]) => there).map(([kind]) => kind);
}

/** @param {string} text */
function withPlainDigits(text) {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\uff10-\uff19]/g, (digit) => {
    const code = digit.charCodeAt(0);
    return String(code - (ZEROS.find((zero) => code >= zero && code < zero + 10) ?? code));
  });
}

/** @param {string} written */
function isTelephone(written) {
  return written.replace(/[^0-9]/g, "").length >= (/^[+0]/.test(written) ? 7 : 9);
}
