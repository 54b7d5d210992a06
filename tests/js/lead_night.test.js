/** Times beside each other that pass midnight. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { passesMidnight, readTime } from "../../operator_ui/static/js/leads/night.js";

test("times are read as the server reads them", () => {
  const read = ["13", "13.00", "1300", "13:00", " 9 ", "24:00"].map(readTime);
  assert.deepEqual(read, [780, 780, 780, 780, 540, 1440]);
  for (const typed of ["", "noon", "25", "13.60", "24:01", "1:2"]) assert.equal(readTime(typed), null, typed);
});

test("an end before the start is on the next day; midnight is the end of its own", () => {
  assert.equal(passesMidnight("21", "02"), true);
  for (const [starts, ends] of [["21", "24"], ["21", "0"], ["9", "11"], ["9", "9"], ["", "2"], ["24", "2"]]) {
    assert.equal(passesMidnight(starts ?? "", ends ?? ""), false, `${starts}-${ends}`);
  }
});
