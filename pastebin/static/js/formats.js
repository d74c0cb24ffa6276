/** Sizes and spans of time as the reader's language writes them. */
import { say } from "./words.js";

const language = document.documentElement.lang;
const plain = new Intl.NumberFormat(language);
const short = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const UNITS = ["kB", "MB", "GB", "TB", "PB"];

/** Return 1,234. */
export function number(value) {
  return plain.format(value);
}

/** Return 34.2 MB: powers of 1024, as the server counts. */
export function size(bytes) {
  if (bytes < 1024) return say("bytes", { number: number(bytes) });
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length);
  return `${short.format(bytes / 1024 ** power)} ${UNITS[power - 1]}`;
}

/** Return 63%, and 100% only of all. */
export function percent(part) {
  return new Intl.NumberFormat(language, { style: "percent" }).format(Math.floor(part * 100) / 100);
}

/** Return `12 sec`, `3 min` or `2 hr` in the reader's language. */
export function duration(seconds) {
  const [value, unit] =
    seconds < 60 ? [seconds, "second"] : seconds < 3600 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 0 }).format(
    Math.max(1, Math.ceil(value)),
  );
}
