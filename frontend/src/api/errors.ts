/** Whatever goes wrong between the app and its site becomes one `ApiError` with a stable code. */

export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  /** Seconds until trying again makes sense, where the site says so. */
  readonly wait: number | null;

  constructor(code: string, message = "", status = 0, wait: number | null = null) {
    super(message || code);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
    this.wait = wait;
  }
}

const BY_STATUS: Record<number, string> = {
  401: "login",
  403: "refused",
  404: "not_found",
  413: "json_too_large",
  429: "too_many",
};

/** The error of an answer: its own `{code, message}`, else what its status says. */
export function fromAnswer(status: number, body: unknown, wait: number | null = null): ApiError {
  if (body && typeof body === "object" && "code" in body && typeof body.code === "string") {
    const message = "message" in body && typeof body.message === "string" ? body.message : "";
    return new ApiError(body.code, message, status, wait);
  }
  return new ApiError(BY_STATUS[status] ?? (status >= 500 ? "internal" : "unknown"), "", status, wait);
}

/** What `Retry-After` says, in seconds. */
export function waitOf(answer: Response): number | null {
  const seconds = Number(answer.headers.get("Retry-After") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

/** Anything that was thrown, as an `ApiError`; errors that carry a code keep it. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown && typeof thrown === "object" && "code" in thrown && typeof thrown.code === "string") {
    return new ApiError(thrown.code, thrown instanceof Error ? thrown.message : "");
  }
  if (thrown instanceof DOMException && thrown.name === "QuotaExceededError") return new ApiError("storage");
  return new ApiError("unknown", thrown instanceof Error ? thrown.message : String(thrown));
}
