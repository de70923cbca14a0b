import { formatDuration } from "./duration.ts";

const two = (value: number) => String(value).padStart(2, "0");

/** A moment for people, who live by this machine's time: `15:04 local time`, on another day than `now`'s with its date. */
export function localTime(ms: number, now: number): string {
  const [date, today] = [new Date(ms), new Date(now)];
  const time = `${two(date.getHours())}:${two(date.getMinutes())} local time`;
  if (date.toDateString() === today.toDateString()) return time;
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${time}`;
}

/** How long ago a moment is, or how far ahead: `3m 20s ago`, `in 1h`. */
export function relativeTime(ms: number, now: number): string {
  const seconds = (ms - now) / 1000;
  return seconds > 0 ? `in ${formatDuration(seconds)}` : `${formatDuration(-seconds)} ago`;
}
