/**
 * The server's time. Browsers are often wrong by minutes; every countdown runs on the offset learnt from the server's
 * answers. Nothing here computes when something is due: due instants come from the server.
 */
import { onScopeDispose, ref, type Ref } from "vue";

/** Server time minus browser time, in milliseconds. */
let offsetMs = 0;
let preciseAtMs = Number.NEGATIVE_INFINITY;
const PRECISE_FOR_MS = 10 * 60_000;

/** Learns from an instant in an answer's body, exact to the millisecond apart from the way here. */
export function learnInstant(instant: string): void {
  const server = Date.parse(instant);
  if (Number.isNaN(server)) return;
  offsetMs = server - Date.now();
  preciseAtMs = Date.now();
}

/** Learns from a `Date` header, which counts whole seconds; used while nothing better is known. */
export function learnDateHeader(header: string | null): void {
  if (header === null || Date.now() - preciseAtMs < PRECISE_FOR_MS) return;
  const server = Date.parse(header);
  if (!Number.isNaN(server)) offsetMs = server + 500 - Date.now();
}

/** The server's time now, milliseconds since 1970. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}

const now = ref(serverNow());
let users = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function beat(): void {
  now.value = serverNow();
  // Just after each whole second, so that all countdowns on a page move together.
  timer = setTimeout(beat, 1005 - (serverNow() % 1000));
}

/** The server's time as a value that moves every second while somebody looks. */
export function useServerNow(): Readonly<Ref<number>> {
  users += 1;
  if (users === 1) beat();
  onScopeDispose(() => {
    users -= 1;
    if (users === 0) clearTimeout(timer);
  });
  return now;
}
