// What could identify somebody is found in a note, by the same rules as on the server (tests/contacts/test_identifying.py).
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { identifying } from "../../operator_ui/static/js/identifying.js";

/** @type {{text: string, found: string[]}[]} */
const cases = JSON.parse(readFileSync(new URL("../fixtures/identifying.json", import.meta.url), "utf8"));

for (const { text, found } of cases) {
  test(`in “${text}”`, () => assert.deepEqual(identifying(text), found));
}
