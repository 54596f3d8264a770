// Showing once more that it is you, and what the steps of a login make of the site's answers.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { logIn } from "../../src/api/auth.ts";
import { ApiError } from "../../src/api/errors.ts";
import { giveUp, question, showPassword, withRecentLogin } from "../../src/state/reauthentication.ts";

type Answer = { status: number; body?: object; headers?: Record<string, string> };
let answers: Answer[];
let asked: string[];

beforeEach(() => {
  answers = [];
  asked = [];
  vi.stubGlobal("document", { cookie: "__Host-porchlight-csrf=token" });
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url.split("/auth/")[1] ?? url);
    const { status, body, headers } = answers.shift() ?? { status: 500 };
    return new Response(JSON.stringify(body ?? {}), { status, headers: headers ?? {} });
  });
});
afterEach(() => {
  giveUp();
  vi.unstubAllGlobals();
});

/** A sensitive deed that is refused until `times` refusals are used up. */
function deed(times: number) {
  let left = times;
  return vi.fn(async () => {
    if (left-- > 0) throw new ApiError("recent_login", "", 403);
    return "done";
  });
}

const open = () => vi.waitFor(() => expect(question.value).not.toBeNull());

test("what was shown recently is not asked for", async () => {
  expect(await withRecentLogin(deed(0))).toBe("done");
  expect(question.value).toBeNull();
});

test("the deed is done again once the password was shown", async () => {
  const act = deed(1);
  const doing = withRecentLogin(act);
  await open();
  answers = [{ status: 200 }];
  await showPassword("a lamp");
  expect(await doing).toBe("done");
  expect(act).toHaveBeenCalledTimes(2);
  expect(asked).toEqual(["reauthenticate"]);
  expect(question.value).toBeNull();
});

test("a wrong password leaves the question open", async () => {
  const doing = withRecentLogin(deed(1));
  await open();
  answers = [{ status: 400, body: { errors: [{ code: "incorrect_password", message: "" }] } }];
  await expect(showPassword("wrong")).rejects.toMatchObject({ code: "login_failed" });
  expect(question.value).not.toBeNull();
  answers = [{ status: 200 }];
  await showPassword("right");
  expect(await doing).toBe("done");
});

test("a closed question does nothing", async () => {
  const act = deed(1);
  const doing = withRecentLogin(act);
  await open();
  giveUp();
  await expect(doing).rejects.toMatchObject({ code: "not_shown" });
  expect(act).toHaveBeenCalledTimes(1);
});

test("a second question takes the place of the first and can be answered", async () => {
  const first = withRecentLogin(deed(1));
  const refused = expect(first).rejects.toMatchObject({ code: "not_shown" });
  await open();
  const second = withRecentLogin(deed(1));
  await refused;
  await open();
  answers = [{ status: 200 }];
  await showPassword("a lamp");
  expect(await second).toBe("done");
});

test("other refusals pass through", async () => {
  const act = async () => {
    throw new ApiError("weak_password", "", 400);
  };
  await expect(withRecentLogin(act)).rejects.toMatchObject({ code: "weak_password" });
});

test("a login asks for the second step where the site does", async () => {
  const flows = [{ id: "login" }, { id: "mfa_authenticate", is_pending: true, types: ["totp"] }];
  answers = [{ status: 401, body: { data: { flows } } }, { status: 200 }];
  expect(await logIn("alice", "a lamp")).toEqual(["totp"]);
  expect(await logIn("bob", "a lamp")).toBeNull();
});

test("too many tries say how long to wait", async () => {
  const errors = [{ code: "too_many", message: "Wait." }];
  answers = [{ status: 429, body: { errors }, headers: { "Retry-After": "17" } }];
  await expect(logIn("alice", "a lamp")).rejects.toMatchObject({ code: "too_many", wait: 17 });
});
