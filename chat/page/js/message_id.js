/** A random UUID, version 4 (RFC 9562). `randomUUID` exists only on https and localhost. Pure but for chance. */

/** @param {Crypto} source @returns {string} */
export const newId = (source) => {
  if (source.randomUUID) return source.randomUUID();
  const bytes = source.getRandomValues(new Uint8Array(16));
  bytes[6] = (Number(bytes[6]) & 15) | 64;
  bytes[8] = (Number(bytes[8]) & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};
