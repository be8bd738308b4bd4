/** What went wrong, as the server tells it (RFC 9457) or as the browser finds it. */

export interface ProblemBody {
  title?: string;
  status?: number;
  code?: string;
  detail?: string;
  field?: string | null;
  errors?: unknown;
  rule?: unknown;
  /** What the check of wording found. */
  remarks?: unknown;
  /** The ticket as it is now, for staff. */
  ticket?: unknown;
  /** The ticket as it is now, for its customer. */
  request?: unknown;
}

export class Problem extends Error {
  readonly status: number;
  /** Stable code of the server; `network` if no answer came, `unexpected` if it was none that we know. */
  readonly code: string;
  readonly body: ProblemBody;
  /** Seconds after which trying again makes sense. */
  readonly retryAfterS: number | undefined;

  constructor(status: number, code: string, body: ProblemBody, retryAfterS?: number) {
    super(body.detail ?? body.title ?? code);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.body = body;
    this.retryAfterS = retryAfterS;
  }

  static network(): Problem {
    return new Problem(0, "network", {});
  }

  static from(response: Response, body: unknown): Problem {
    const retry = Number.parseInt(response.headers.get("retry-after") ?? "", 10);
    const retryAfterS = Number.isNaN(retry) ? undefined : retry;
    if (typeof body === "object" && body !== null && "code" in body && typeof body.code === "string") {
      return new Problem(response.status, body.code, body as ProblemBody, retryAfterS);
    }
    return new Problem(response.status, "unexpected", { status: response.status }, retryAfterS);
  }
}

/** Any caught value as a problem. */
export function asProblem(caught: unknown): Problem {
  if (caught instanceof Problem) return caught;
  if (caught instanceof TypeError) return Problem.network();
  return new Problem(0, "unexpected", { detail: caught instanceof Error ? caught.message : String(caught) });
}
