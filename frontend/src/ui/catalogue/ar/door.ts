/** What is said at the door, on public pages and everywhere. */
import type { door as english } from "../en/door.ts";
import type { Translation } from "../translation.ts";
import { common } from "./common.ts";
import { errors } from "./errors.ts";
import { login } from "./login.ts";

export const door: Translation<typeof english> = {
  ...common,
  ...errors,
  ...login,
};
