/** The live feed of the desk: one connection a page, shared by everything that listens. */
import { onScopeDispose, ref } from "vue";

import type { components } from "./schema";

export type Change = components["schemas"]["FeedChange"];
/** `null` means: something was missed, load again what is shown. */
type Listener = (change: Change | null) => void;

const listeners = new Set<Listener>();
export const feedConnected = ref(false);
let source: EventSource | null = null;
let retry: ReturnType<typeof setTimeout> | undefined;
let missed = false;
const RETRY_MS = 5000;
const IDLE_MS = 60_000;
let idle: ReturnType<typeof setTimeout> | undefined;

function tell(change: Change | null): void {
  for (const listener of listeners) listener(change);
}

function connect(): void {
  const opened = new EventSource("/api/v1/feed");
  source = opened;
  opened.onopen = () => {
    feedConnected.value = true;
    if (missed) tell(null);
    missed = false;
  };
  opened.addEventListener("change", (event) => tell(JSON.parse(event.data) as Change));
  opened.addEventListener("lagged", () => tell(null));
  opened.addEventListener("ended", () => {
    opened.close();
    feedConnected.value = false;
    tell(null); // what is shown loads again and finds out that the session is over
  });
  opened.onerror = () => {
    feedConnected.value = false;
    missed = true;
    // The browser tries again by itself unless the server refused.
    if (opened.readyState === EventSource.CLOSED && source === opened && listeners.size > 0) {
      retry = setTimeout(connect, RETRY_MS);
    }
  };
}

/** A tab that nobody looks at gives its connection back: browsers lend a site only a handful. */
document.addEventListener("visibilitychange", () => {
  clearTimeout(idle);
  if (document.visibilityState === "hidden") {
    idle = setTimeout(disconnect, IDLE_MS);
  } else if (source === null && listeners.size > 0) {
    missed = true;
    connect();
  }
});

function disconnect(): void {
  clearTimeout(retry);
  source?.close();
  source = null;
  feedConnected.value = false;
  missed = false;
}

/** Calls `listener` for every change while the component lives. */
export function useFeed(listener: Listener): void {
  listeners.add(listener);
  if (source === null) connect();
  onScopeDispose(() => {
    listeners.delete(listener);
    if (listeners.size === 0) disconnect();
  });
}
