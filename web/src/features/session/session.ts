/** Who is signed in at the desk. */
import { computed, ref } from "vue";

import { api, ask, setCsrfToken } from "@/api/client";
import { asProblem } from "@/api/problem";
import { learnInstant } from "@/api/server-time";
import type { Operation, Session } from "@/api/types";

export const session = ref<Session | null>(null);
/** Whether the last session ended without the person asking for it. */
export const expired = ref(false);

/** Marks that this browser has signed in, so that a first visit asks for no session that cannot be there. */
const KEY = "yinuo.signed-in";

function keep(found: Session): void {
  localStorage.setItem(KEY, "yes");
  learnInstant(found.now);
  setCsrfToken(found.csrf_token);
  session.value = found;
  expired.value = false;
}

/** Reads the session that the cookie names, if it still lives. */
export async function loadSession(): Promise<void> {
  if (localStorage.getItem(KEY) === null) return;
  try {
    keep(await ask(api.GET("/api/v1/session")));
  } catch (caught) {
    if (asProblem(caught).status !== 401) throw caught;
    forgetSession();
  }
}

export async function signIn(account: string, password: string): Promise<void> {
  keep(await ask(api.POST("/api/v1/session", { body: { account, password } })));
}

/** Creates the first admin and signs in as that person. */
export async function setUp(request: { setup_code: string; account: string; name: string; password: string }): Promise<void> {
  keep(await ask(api.POST("/api/v1/setup", { body: request })));
}

export async function signOut(): Promise<void> {
  try {
    await ask(api.DELETE("/api/v1/session"));
  } finally {
    forgetSession();
  }
}

export function forgetSession(): void {
  localStorage.removeItem(KEY);
  session.value = null;
  setCsrfToken("");
}

/** Whether the person may do `operation`; the server decides, this only hides what would be refused. */
export function may(operation: Operation): boolean {
  return session.value?.operations.includes(operation) ?? false;
}

export const me = computed(() => session.value?.member ?? null);
