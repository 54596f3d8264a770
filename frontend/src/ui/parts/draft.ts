/** A half-written text that survives a reload, as a signal. */
import { effect, type Signal, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { keepDraft, readDraft } from "../../state/drafts.ts";
import { me } from "../../state/session.ts";

/** `start` stands there while no draft is kept, and is not itself kept as one. */
export function useDraft(name: string, start = ""): Signal<string> {
  const owner = me.value?.username ?? "";
  const text = useMemo(() => signal(readDraft(owner, name) || start), [owner, name, start]);
  useEffect(
    () => effect(() => keepDraft(owner, name, text.value === start ? "" : text.value)),
    [owner, name, start, text],
  );
  return text;
}
