/** The ticket that the customer follows in this tab. Kept for the session of the tab only, never in an address. */
export interface Followed {
  number: string;
  code: string;
}

const KEY = "yinuo.followed";

export function rememberFollowed(followed: Followed): void {
  sessionStorage.setItem(KEY, JSON.stringify(followed));
}

export function forgetFollowed(): void {
  sessionStorage.removeItem(KEY);
}

export function lastFollowed(): Followed | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    if (typeof value === "object" && value !== null && "number" in value && "code" in value) {
      return { number: String(value.number), code: String(value.code) };
    }
  } catch {
    // Written by something else: as if nothing were there.
  }
  return null;
}
