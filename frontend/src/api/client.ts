/** The one typed way to `/api/v1`: adds the CSRF token, and throws `ApiError` for whatever is not a success. */
import createClient, { type Middleware } from "openapi-fetch";
import { CSRF_HEADER, csrfToken, needsToken } from "./csrf.ts";
import { ApiError, fromAnswer, waitOf } from "./errors.ts";
import type { paths } from "./schema.gen.ts";

const withToken: Middleware = {
  async onRequest({ request }) {
    if (needsToken(request.method)) request.headers.set(CSRF_HEADER, await csrfToken());
    return request;
  },
};

let language = "";

/** What the site says in words, it says in this language. */
export function speak(tag: string): void {
  language = tag;
}

const inLanguage: Middleware = {
  onRequest({ request }) {
    if (language) request.headers.set("Accept-Language", language);
    return request;
  },
};

let loggedOut: () => void = () => undefined;

/** Registers what to do when an answer says that the login has ended. */
export function whenLoggedOut(act: () => void): void {
  loggedOut = act;
}

export const client = createClient<paths>({ baseUrl: "/", credentials: "same-origin" });
client.use(withToken, inLanguage);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer. Errors: the site's own codes; `offline` when no answer came. */
export async function take<T>(asked: Promise<Answer<T>>): Promise<T> {
  const answer = await asked.catch(() => {
    throw new ApiError("offline");
  });
  if (answer.response.status === 401) loggedOut();
  if (!answer.response.ok) throw fromAnswer(answer.response.status, answer.error, waitOf(answer.response));
  return answer.data as T;
}
