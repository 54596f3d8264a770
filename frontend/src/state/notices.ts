/** Short sentences about what was just done; one at a time, shown for some seconds and read out. */
import { signal } from "@preact/signals";

const SHOWN_MS = 6000;

/** The words come from the caller; `tone` says whether something went wrong. */
export interface Notice {
  readonly text: string;
  readonly tone: "fine" | "wrong";
  readonly number: number;
}

export const notice = signal<Notice | null>(null);
let number = 0;

export function tell(text: string, tone: Notice["tone"] = "fine"): void {
  number += 1;
  const mine = number;
  notice.value = { text, tone, number: mine };
  setTimeout(() => {
    if (notice.value?.number === mine) notice.value = null;
  }, SHOWN_MS);
}

export function hideNotice(): void {
  notice.value = null;
}
