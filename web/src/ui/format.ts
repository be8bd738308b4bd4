/** Instants and durations in words of the reader's language. Instants are shown in the browser's time zone. */
import { currentLanguage, translate } from "@/shell/i18n";

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** `2 小时 14 分`: the two largest units that are not zero; whole seconds below a minute. `ms` may be negative: its size is told. */
export function durationWords(ms: number): string {
  const t = translate;
  let rest = Math.abs(ms);
  const parts: string[] = [];
  for (const [unit, size] of UNITS) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n > 0) parts.push(t(`duration.${unit}`, { n }));
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? t("duration.zero") : parts.join(" ");
}

/** `1:04:09`, from a day on `2 天 3 小时`: for countdowns in tabular figures. */
export function countdownFigures(ms: number): string {
  const total = Math.floor(Math.abs(ms) / 1000);
  if (total >= 86_400) return durationWords(total * 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = two(total % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${seconds}` : `${two(minutes)}:${seconds}`;
}

/** For `<time>` attributes and form fields of screen readers: ISO 8601 duration in whole seconds. */
export function isoDuration(ms: number): string {
  return `PT${Math.max(0, Math.floor(Math.abs(ms) / 1000))}S`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${currentLanguage()} ${name}`;
  let found = formatters.get(key);
  if (found === undefined) {
    found = new Intl.DateTimeFormat(currentLanguage() === "en" ? "en-GB" : "zh-CN", options);
    formatters.set(key, found);
  }
  return found;
}

const THIS_YEAR = () => new Date().getFullYear();

/** Day and minute; the year only if it is another one. */
export function instantShort(instant: string): string {
  const date = new Date(instant);
  const other = date.getFullYear() !== THIS_YEAR();
  return formatter(other ? "short-year" : "short", {
    ...(other ? { year: "numeric" } : {}),
    month: currentLanguage() === "en" ? "short" : "numeric",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  }).format(date);
}

/** Day, weekday, time to the second, and the zone: for titles and derivations. */
export function instantFull(instant: string): string {
  const date = new Date(instant);
  const day = formatter("day", { year: "numeric", month: "long", day: "numeric" }).format(date);
  const weekday = formatter("weekday", { weekday: "short" }).format(date);
  const time = formatter("time", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false }).format(date);
  const parts = formatter("zone", { timeZoneName: "short" }).formatToParts(date);
  const zone = parts.find((part) => part.type === "timeZoneName")?.value ?? "";
  const whole = currentLanguage() === "en" ? `${weekday} ${day}` : `${day} ${weekday}`;
  return `${whole} ${time} ${zone}`.trim();
}

/** The reader's time zone in words, such as `中国标准时间`, at an instant: it may differ between summer and winter. */
export function zoneName(instant: string): string {
  const parts = formatter("zone-long", { timeZoneName: "long" }).formatToParts(new Date(instant));
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
}

/** A day that a letter names: in the company's zone, whatever zone the reader is in. */
export function dateOnly(instant: string, zone: string | undefined): string {
  const options: Intl.DateTimeFormatOptions = { year: "numeric", month: "long", day: "numeric" };
  return formatter(`date ${zone ?? ""}`, zone === undefined ? options : { ...options, timeZone: zone }).format(
    new Date(instant),
  );
}

/** A share between 0 and 1 as a percentage with one decimal. */
export function percent(share: number, digits = 1): string {
  return new Intl.NumberFormat(currentLanguage(), {
    style: "percent",
    minimumFractionDigits: 0,
    maximumFractionDigits: digits,
  }).format(share);
}

export function wholeNumber(n: number): string {
  return new Intl.NumberFormat(currentLanguage()).format(n);
}

/** The value that `<input type="datetime-local">` and date pickers show, turned into an RFC 3339 instant. */
export function toInstant(local: Date | string | null | undefined): string | undefined {
  if (local === null || local === undefined || local === "") return undefined;
  const date = typeof local === "string" ? new Date(local) : local;
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
