/**
 * The coded record of one contact as this desk knows it: what is kept, what was chosen since, and how saving goes. Pure.
 * @module
 */

/**
 * @typedef {Record<string, string[]>} Codes codes by field; a field that is missing was not asked about
 * @typedef {{door: string, language: string, opened_at: number, waited: number | null, lasted: number | null,
 *   ended_at: number | null, ended_by: string | null}} Automatic seconds; times since 1970
 * @typedef {{revision: number, hidden: boolean, codes: Codes, finished: boolean, by: string | null, mine: boolean,
 *   at: number | null, remarks: string[], suggested: Codes, automatic: Automatic, months: number,
 *   deleted_at: number | null}} Kept a revision as the server tells it
 * @typedef {"saved" | "changed" | "saving" | "failed" | "conflict"} Standing
 * @typedef {{phase: "loading" | "ready" | "failed", kept: Kept | null, codes: Codes, finished: boolean, standing: Standing,
 *   why: string | null, theirs: Kept | null, merged: boolean}} Recorded
 *   `theirs`: what a colleague saved meanwhile, while both are shown; `merged`: both went into one without a clash
 * @typedef {{contact: string, tag: string, language: string, door: string, since: number, ended_at: number | null,
 *   begun: boolean}} Unfinished
 *
 * @typedef {{type: "record_loading", contact: string}
 *   | {type: "record_loaded", contact: string, kept: Kept}
 *   | {type: "record_load_failed", contact: string}
 *   | {type: "record_chose", contact: string, field: string, codes: string[]}
 *   | {type: "record_finished", contact: string, on: boolean}
 *   | {type: "record_saving", contact: string}
 *   | {type: "record_saved", contact: string, kept: Kept, codes: Codes, finished: boolean}
 *   | {type: "record_failed", contact: string, why: string}
 *   | {type: "record_conflict", contact: string, kept: Kept}
 *   | {type: "record_settled", contact: string, mine: boolean}} RecordAction
 *   `codes` and `finished` of `record_saved`: what was sent
 */

/** @returns {Recorded} */
export function newRecord() {
  return { phase: "loading", kept: null, codes: {}, finished: false, standing: "saved", why: null, theirs: null, merged: false };
}

/** True when closing this page would lose something. @param {Recorded} record */
export function isUnsaved(record) {
  return record.standing !== "saved";
}

/**
 * @param {Recorded} record
 * @param {RecordAction} action
 * @returns {Recorded}
 */
export function recordChanged(record, action) {
  switch (action.type) {
    case "record_loading": return { ...record, phase: record.kept === null ? "loading" : record.phase };
    case "record_load_failed": return { ...record, phase: record.kept === null ? "failed" : record.phase };
    case "record_loaded": return loaded(record, action.kept);
    case "record_chose": return { ...record, codes: chosen(record.codes, action.field, action.codes), standing: standingAfter(record), merged: false };
    case "record_finished": return { ...record, finished: action.on, standing: standingAfter(record), merged: false };
    case "record_saving": return { ...record, standing: "saving", why: null };
    case "record_saved": return saved(record, action);
    case "record_failed": return { ...record, standing: "failed", why: action.why };
    case "record_conflict": return met(record, action.kept);
    case "record_settled": return settled(record, action.mine);
  }
}

/** Fields in which both say something else. @param {Recorded} record @returns {string[]} */
export function clashes(record) {
  if (record.theirs === null) return [];
  const base = baseOf(record);
  const theirs = record.theirs.codes;
  return fieldsOf(record.codes, theirs).filter((field) => !same(record.codes[field], base[field]) && !same(record.codes[field], theirs[field]) && !same(theirs[field], base[field]));
}

/** @param {string[] | undefined} one @param {string[] | undefined} other */
export function same(one, other) {
  return [...(one ?? [])].sort().join(" ") === [...(other ?? [])].sort().join(" ");
}

/** @param {Recorded} record @returns {Standing} */
function standingAfter(record) {
  return record.standing === "conflict" ? "conflict" : "changed";
}

/** @param {Codes} codes @param {string} field @param {string[]} next @returns {Codes} */
function chosen(codes, field, next) {
  const rest = Object.fromEntries(Object.entries(codes).filter(([name]) => name !== field));
  return next.length === 0 ? rest : { ...rest, [field]: next };
}

/** What the server says, unless something was chosen here meanwhile. @param {Recorded} record @param {Kept} kept @returns {Recorded} */
function loaded(record, kept) {
  if (isUnsaved(record)) return { ...record, phase: "ready", kept: record.kept ?? kept };
  const first = kept.revision === 0 ? kept.suggested : kept.codes;
  return { ...newRecord(), phase: "ready", kept, codes: first, finished: kept.finished };
}

/** @param {Recorded} record @param {{kept: Kept, codes: Codes, finished: boolean}} answer @returns {Recorded} */
function saved(record, { kept, codes, finished }) {
  const settledNow = sameCodes(record.codes, codes) && record.finished === finished;
  return { ...record, kept, standing: settledNow ? "saved" : "changed", why: null, theirs: null };
}

/** A colleague saved meanwhile: where only one of us changed a field, that is taken. @param {Recorded} record @param {Kept} theirs @returns {Recorded} */
function met(record, theirs) {
  const both = { ...record, theirs };
  if (clashes(both).length > 0) return { ...both, standing: "conflict" };
  return { ...record, kept: theirs, codes: merged(record, theirs), standing: "changed", theirs: null, merged: true };
}

/** @param {Recorded} record @param {boolean} mine what clashes is taken from me @returns {Recorded} */
function settled(record, mine) {
  const { theirs } = record;
  if (theirs === null) return record;
  if (!mine) return { ...record, kept: theirs, codes: theirs.codes, finished: theirs.finished, standing: "saved", theirs: null };
  return { ...record, kept: theirs, codes: merged(record, theirs), standing: "changed", theirs: null };
}

/** Mine where I changed something, theirs everywhere else. @param {Recorded} record @param {Kept} theirs @returns {Codes} */
function merged(record, theirs) {
  const base = baseOf(record);
  /** @type {Codes} */
  const codes = {};
  for (const field of fieldsOf(record.codes, theirs.codes, base)) {
    const from = same(record.codes[field], base[field]) ? theirs.codes[field] : record.codes[field];
    if (from !== undefined) codes[field] = from;
  }
  return codes;
}

/** @param {Recorded} record @returns {Codes} */
function baseOf(record) {
  return record.kept === null || record.kept.hidden ? {} : record.kept.codes;
}

/** @param {Codes[]} all */
function fieldsOf(...all) {
  return [...new Set(all.flatMap((codes) => Object.keys(codes)))];
}

/** @param {Codes} one @param {Codes} other */
function sameCodes(one, other) {
  return fieldsOf(one, other).every((field) => same(one[field], other[field]));
}
