/**
 * A key for one filled-in form: the same key is sent with every try, so that a request that went through although the
 * answer was lost is not entered twice. A new form gets a new key.
 */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
