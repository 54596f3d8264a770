/** The English catalogue; the others are typed by it. */
import { door } from "./door.ts";
import { inside } from "./inside.ts";

export const en = { ...door, ...inside };
