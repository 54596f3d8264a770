/** What to call a browser of which only the make and the system are known. */
import { sessions } from "../../state/security.ts";
import { t } from "../catalogue/catalogue.ts";
import type { IconName } from "../shapes.ts";

interface Known {
  readonly browser: string;
  readonly system: string;
}

const HAND_HELD = new Set(["iPhone", "iPad", "Android"]);

/** Empty where neither is known. */
export function browserName({ browser, system }: Known): string {
  if (browser && system) return t("sessions.name", { browser, system });
  return browser || system;
}

/** What this browser is called, as the site knows its kind; never empty. */
export async function thisBrowserName(): Promise<string> {
  await sessions.load();
  const own = sessions.data.value?.find(({ current }) => current);
  return (own && browserName(own)) || t("devices.role.member");
}

export function browserIcon(one: Known | null): IconName {
  return one && HAND_HELD.has(one.system) ? "smartphone" : "monitor";
}
