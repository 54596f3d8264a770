/**
 * Drafts at the site. While somebody writes, what they wrote is kept there a moment after the last key, so that another
 * browser can go on with it; what the site could not take is tried again with the next key, and stands in this browser.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import { asApiError } from "../api/errors.ts";
import type { Draft, DraftFields } from "../api/types.ts";
import { addDraft, changeDraft, deleteDraft, getDrafts } from "../api/writing.ts";
import { keepDraft, readDraft } from "./drafts.ts";
import { resource } from "./resource.ts";
import { me, onLogout } from "./session.ts";

const QUIET_MS = 2000;

export const drafts = resource<Draft[]>(getDrafts);

/** Where the writer's words are: nothing written, only here yet, also at the site, or the site cannot be reached. */
export type Kept = "nothing" | "here" | "site" | "unreachable";

export interface Keeper {
  readonly kept: ReadonlySignal<Kept>;
  /** Says what is in the composer now; the draft without any words is thrown away. */
  wrote(fields: DraftFields): void;
  /** The draft to name when the words are published. */
  draft(): number | null;
  /** The words were published: the next ones are another draft. */
  done(): void;
  /** Keeps at once what still waits. */
  flush(): Promise<void>;
}

const idName = (name: string) => `${name}.draft`;

/** One composer's draft, under the name by which this browser keeps its words. */
export function keeper(name: string): Keeper {
  const owner = me.value?.username ?? "";
  const kept = signal<Kept>("nothing");
  let id = Number(readDraft(owner, idName(name))) || null;
  let waiting: DraftFields | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saving: Promise<void> = Promise.resolve();

  function remember(draft: number | null): void {
    id = draft;
    keepDraft(owner, idName(name), draft === null ? "" : String(draft));
  }

  async function store(fields: DraftFields): Promise<void> {
    if (isEmpty(fields)) {
      if (id !== null) await deleteDraft(id).catch(ignoreAbsent);
      return remember(null);
    }
    if (id !== null) {
      const changed = await changeDraft(id, fields).catch(ignoreAbsent);
      if (changed) return;
    }
    remember((await addDraft(fields)).id);
  }

  async function save(): Promise<void> {
    const fields = waiting;
    if (!fields) return;
    waiting = null;
    try {
      await store(fields);
      if (!waiting) kept.value = isEmpty(fields) ? "nothing" : "site";
      void drafts.load();
    } catch {
      waiting ??= fields;
      kept.value = "unreachable";
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    saving = saving.then(save);
    return saving;
  }

  return {
    kept,
    wrote(fields) {
      waiting = fields;
      kept.value = isEmpty(fields) ? "nothing" : "here";
      clearTimeout(timer);
      timer = setTimeout(flush, QUIET_MS);
    },
    draft: () => id,
    done() {
      clearTimeout(timer);
      waiting = null;
      kept.value = "nothing";
      remember(null);
      void drafts.load();
    },
    flush,
  };
}

/** Puts a draft's words where the composer of that name finds them. */
export function takeUp(draft: Draft, name: string): void {
  const owner = me.value?.username ?? "";
  keepDraft(owner, name, draft.source);
  keepDraft(owner, `${name}.title`, draft.title ?? "");
  keepDraft(owner, `${name}.tags`, draft.tags.join(", "));
  keepDraft(owner, `${name}.shows`, draft.shows.length > 0 ? JSON.stringify(draft.shows) : "");
  keepDraft(owner, idName(name), String(draft.id));
}

export async function throwAway(draft: Draft): Promise<void> {
  await deleteDraft(draft.id).catch(ignoreAbsent);
  drafts.put((drafts.data.value ?? []).filter((one) => one.id !== draft.id));
}

/** The tags of a field, as typed between commas. */
export function tagsOf(text: string): string[] {
  return text
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);
}

function isEmpty(fields: DraftFields): boolean {
  return !fields.source.trim() && !fields.title?.trim() && !fields.tags?.length && !fields.shows?.length;
}

function ignoreAbsent(thrown: unknown): undefined {
  if (asApiError(thrown).code !== "not_found") throw thrown;
  return undefined;
}

onLogout(() => drafts.forget());
