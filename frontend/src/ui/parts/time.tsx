/** Moments: relative up to a week, then a date; exact on hover and to screen readers. */
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { locale, t } from "../catalogue/catalogue.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** Ticks once a minute, so that "2 minutes ago" stays true. */
const now = signal(Date.now());
if (typeof window !== "undefined") {
  setInterval(() => {
    now.value = Date.now();
  }, MINUTE);
}

/** The present moment, anew each second while the part is shown. */
export function useSeconds(): number {
  const [at, set] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => set(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return at;
}

export type Moment = string | number;

/** Milliseconds since 1970 of an ISO text or a number that is that already. */
export function millis(moment: Moment): number {
  return typeof moment === "number" ? moment : Date.parse(moment);
}

export function relative(moment: Moment, at: number = Math.max(now.value, Date.now())): string {
  const past = at - millis(moment);
  if (past < MINUTE) return t("time.now");
  if (past >= WEEK) return dateOf(moment, at);
  const format = new Intl.RelativeTimeFormat(locale.value, { numeric: "auto" });
  if (past < HOUR) return format.format(-Math.floor(past / MINUTE), "minute");
  if (past < DAY) return format.format(-Math.floor(past / HOUR), "hour");
  return format.format(-Math.floor(past / DAY), "day");
}

export function dateOf(moment: Moment, at: number = Date.now()): string {
  const date = new Date(millis(moment));
  const sameYear = date.getFullYear() === new Date(at).getFullYear();
  const form: Intl.DateTimeFormatOptions = sameYear
    ? { day: "numeric", month: "long" }
    : { day: "numeric", month: "long", year: "numeric" };
  return new Intl.DateTimeFormat(locale.value, form).format(date);
}

export function exact(moment: Moment): string {
  const form: Intl.DateTimeFormatOptions = { dateStyle: "full", timeStyle: "short" };
  return new Intl.DateTimeFormat(locale.value, form).format(new Date(millis(moment)));
}

export function clock(moment: Moment): string {
  return new Intl.DateTimeFormat(locale.value, { timeStyle: "short" }).format(new Date(millis(moment)));
}

/** The day as a line between messages. */
export function dayName(moment: Moment, at: number = Date.now()): string {
  const days = Math.round(
    (new Date(at).setHours(0, 0, 0, 0) - new Date(millis(moment)).setHours(0, 0, 0, 0)) / DAY,
  );
  if (days === 0) return t("time.today");
  if (days === 1) return t("time.yesterday");
  if (days > 1 && days < 7) {
    return new Intl.DateTimeFormat(locale.value, { weekday: "long" }).format(new Date(millis(moment)));
  }
  return dateOf(moment, at);
}

export function Time({ at, clockOnly = false }: { at: Moment; clockOnly?: boolean }) {
  const value = millis(at);
  if (!Number.isFinite(value)) return null;
  return (
    <time dateTime={new Date(value).toISOString()} title={exact(value)}>
      {clockOnly ? clock(value) : relative(value)}
    </time>
  );
}

/** A moment that is still to come, exactly: the clock, with the date unless it is today. */
export function Until({ at }: { at: number }) {
  const today = new Date(at).toDateString() === new Date().toDateString();
  return (
    <time dateTime={new Date(at).toISOString()} title={exact(at)}>
      {today ? clock(at) : `${dateOf(at)}, ${clock(at)}`}
    </time>
  );
}
