/** What is said at the door, on public pages and everywhere. */
import { common } from "./common.ts";
import { errors } from "./errors.ts";
import { login } from "./login.ts";

export const door = {
  ...common,
  ...errors,
  ...login,
} as const;
