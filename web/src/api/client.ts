/**
 * The one way to the server: typed by the committed OpenAPI snapshot. Every answer teaches the server's time; every
 * answer that is no success is thrown as a `Problem`.
 */
import createClient, { type Middleware } from "openapi-fetch";

import { currentLanguage } from "@/shell/i18n";

import { Problem } from "./problem";
import type { paths } from "./schema";
import { learnDateHeader } from "./server-time";

let csrfToken = "";
let onSignedOut: () => void = () => undefined;

/** What every changing request of staff has to send. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** Called when the server no longer knows the session. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

const manners: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", currentLanguage());
    const changes = request.method !== "GET" && request.method !== "HEAD";
    if (changes && csrfToken !== "") request.headers.set("X-CSRF-Token", csrfToken);
    return request;
  },
  onResponse({ request, response }) {
    learnDateHeader(response.headers.get("date"));
    const signingIn = new URL(request.url).pathname.endsWith("/session");
    if (response.status === 401 && !signingIn) onSignedOut();
  },
};

export const api = createClient<paths>({ baseUrl: "", credentials: "same-origin" });
api.use(manners);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of a successful answer; anything else is thrown as a `Problem`. */
export async function ask<T>(answer: Promise<Answer<T>>): Promise<T> {
  let settled: Answer<T>;
  try {
    settled = await answer;
  } catch {
    throw Problem.network();
  }
  if (!settled.response.ok) throw Problem.from(settled.response, settled.error);
  return settled.data as T;
}
