/** What of the first run only this browser knows: that the question of a second factor was answered, by yes or no. */
import { signal } from "@preact/signals";

const ANSWERED = "porchlight.second-factor-answered";
const answered = signal(0);

export function factorStepDone(username: string): boolean {
  return answered.value > 0 || read().includes(username);
}

export function finishFactorStep(username: string): void {
  try {
    localStorage.setItem(ANSWERED, JSON.stringify([...new Set([...read(), username])]));
  } catch {
    // nothing may be kept here: a reload asks again
  }
  answered.value += 1;
}

function read(): string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(ANSWERED) ?? "[]");
    return Array.isArray(found) ? found.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}
