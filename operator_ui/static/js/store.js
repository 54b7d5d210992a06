/**
 * One place that holds the state. Changes are told once per turn of the event loop, however many there were.
 * @module
 */

/**
 * @template S, A
 * @typedef {{readonly state: S, change: (action: A) => void, follow: (tell: (state: S) => void) => () => void}} Store
 */

/**
 * @template S, A
 * @param {S} first
 * @param {(state: S, action: A) => S} changed
 * @param {(task: () => void) => void} soon runs a task after the current one (`queueMicrotask`)
 * @returns {Store<S, A>}
 */
export function makeStore(first, changed, soon) {
  let state = first;
  let told = true;
  /** @type {Set<(state: S) => void>} */
  const followers = new Set();

  function tell() {
    told = true;
    for (const follower of followers) follower(state);
  }

  return {
    get state() {
      return state;
    },
    change(action) {
      const next = changed(state, action);
      if (next === state) return;
      state = next;
      if (!told) return;
      told = false;
      soon(tell);
    },
    follow(follower) {
      followers.add(follower);
      return () => followers.delete(follower);
    },
  };
}
