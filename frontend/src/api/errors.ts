/** Whatever goes wrong between the app and its site becomes one `ApiError` with a stable code. */

export class ApiError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message = "", status = 0) {
    super(message || code);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
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
export function fromAnswer(status: number, body: unknown): ApiError {
  if (body && typeof body === "object" && "code" in body && typeof body.code === "string") {
    const message = "message" in body && typeof body.message === "string" ? body.message : "";
    return new ApiError(body.code, message, status);
  }
  return new ApiError(BY_STATUS[status] ?? (status >= 500 ? "internal" : "unknown"), "", status);
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
