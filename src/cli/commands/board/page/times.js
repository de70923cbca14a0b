/**
 * Words for times, as `p9 top` says them. Runs in the browser, by its own text.
 *
 * @param {typeof import("../../../../base/how-far.ts").shortTimeLeft} shortTimeLeft
 */
export function timeWords(shortTimeLeft) {
  /** @param {number} seconds */
  function roughly(seconds) {
    const s = Math.max(0, Math.round(seconds));
    if (s < 60) return `${s} s`;
    if (s < 3600) return `${Math.floor(s / 60)} min`;
    return s < 2 * 86_400 ? `${Math.floor(s / 3600)} h` : `${Math.floor(s / 86_400)} d`;
  }

  /** `5 min ago`. @param {string | null} ts */
  function ago(ts) {
    const at = Date.parse(ts ?? "");
    if (Number.isNaN(at)) return "";
    const s = (Date.now() - at) / 1000;
    return s < 1 ? "now" : `${roughly(s)} ago`;
  }

  /** `2 min left`. @param {string} ts */
  function left(ts) {
    const s = (Date.parse(ts) - Date.now()) / 1000;
    return Number.isNaN(s) ? "" : shortTimeLeft(s, roughly);
  }

  /** `14:05:09`, on another day with its date. @param {string | number | null} ts */
  function clock(ts) {
    const at = new Date(ts ?? "");
    if (ts === null || Number.isNaN(at.getTime())) return "";
    const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
    const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":");
    if (at.toDateString() === new Date().toDateString()) return time;
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time.slice(0, 5)}`;
  }

  /** `14:05:09 local time (5 min ago)`. @param {string | null} ts */
  const when = (ts) => (ts ? `${clock(ts)} local time (${ago(ts)})` : "");

  return { ago, left, clock, when };
}
