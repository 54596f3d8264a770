/** The files of one composer, named in its draft so that they are there again after a reload. */
import { effect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { type Attached, makeTray, type Tray } from "../../state/attachments.ts";
import type { ShownMedia } from "../../state/shapes.ts";
import { useDraft } from "./draft.ts";

function kept(text: string): Attached[] {
  try {
    const found: unknown = JSON.parse(text || "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

/** `start` is what the post shows already; a kept draft goes before it. */
export function useTray(draft: string, start?: readonly { media: ShownMedia; alt: string }[]): Tray {
  const names = useDraft(`${draft}.shows`);
  const { tray } = useMemo(() => ({ names, tray: makeTray() }), [names]); // one for each draft
  useEffect(() => {
    const before = kept(names.peek());
    if (before.length > 0) void tray.restore(before);
    else if (start) tray.start(start);
    let first = true;
    return effect(() => {
      const now = tray.attached();
      if (!first) names.value = now.length > 0 ? JSON.stringify(now) : "";
      first = false;
    });
  }, [tray, names, start]);
  return tray;
}
