import { parseTimestamp } from "../../../base/clock.ts";
import { shortTimeLeft } from "../../../base/how-far.ts";

/** A length of time in one unit: `40 s`, `3 min`, `2 h`, `5 d`. */
export function roughly(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  return s < 2 * 86_400 ? `${Math.floor(s / 3600)} h` : `${Math.floor(s / 86_400)} d`;
}

/** `2 min ago`; empty for what is no time stamp. */
export function ago(ts: string, now: number): string {
  const at = parseTimestamp(ts);
  if (Number.isNaN(at)) return "";
  return now - at < 1000 ? "now" : `${roughly((now - at) / 1000)} ago`;
}

/** Words for the time until an expected end: `3 min left`, `any moment`, `4 min over`. */
export function left(ts: string, now: number): string {
  const leftS = (parseTimestamp(ts) - now) / 1000;
  if (Number.isNaN(leftS)) return "";
  return shortTimeLeft(leftS, roughly);
}

/** The time on this machine's clock: `14:05:09`, on another day `2026-11-27 14:05`. */
export function localTime(ts: string, now: number): string {
  const at = new Date(parseTimestamp(ts));
  if (Number.isNaN(at.getTime())) return "";
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes, seconds] = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two);
  if (at.toDateString() === new Date(now).toDateString()) return `${hours}:${minutes}:${seconds}`;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${hours}:${minutes}`;
}
