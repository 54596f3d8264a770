/** Chinese, simplified. */
import { door } from "./door.ts";
import { inside } from "./inside.ts";

export const zh = { ...door, ...inside };
