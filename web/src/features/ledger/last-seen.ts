/** What this browser saw of the log the last time, so that it can tell whether the log only grew since. */
export interface Seen {
  note: string;
  key: string;
  at: string;
}

const KEY = "yinuo.log-seen";

export function remember(note: string, key: string): void {
  localStorage.setItem(KEY, JSON.stringify({ note, key, at: new Date().toISOString() } satisfies Seen));
}

export function lastSeen(): Seen | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (typeof value === "object" && value !== null && "note" in value && "key" in value && "at" in value) {
      return { note: String(value.note), key: String(value.key), at: String(value.at) };
    }
  } catch {
    // Written by something else: as if nothing had been seen.
  }
  return null;
}
