/** Arabic. */
import { door } from "./door.ts";
import { inside } from "./inside.ts";

export const ar = { ...door, ...inside };
