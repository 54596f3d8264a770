/**
 * Files on their way into a post: sent in pieces, prepared by the site, described by their author. A file that fails
 * stays with its reason until it is tried again or taken out; the others go on.
 */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type ApiError, asApiError } from "../api/errors.ts";
import { deleteMedium, getMedium } from "../api/media.ts";
import type { ShownMedia } from "../api/types.ts";
import { type Sending, sendFile } from "../api/uploads.ts";
import { identity } from "./identity.ts";
import { prepared } from "./preparing.ts";
import { seenBytes } from "./signed-files.ts";

export const MOST = 20;
export const MOST_ALT = 1500;
const SENDING_AT_ONCE = 2;

export type Stage = "waiting" | "sending" | "preparing" | "ready" | "failed";

export interface Attachment {
  readonly key: number;
  readonly name: string;
  readonly size: number;
  readonly stage: ReadonlySignal<Stage>;
  /** Bytes that the site holds. */
  readonly sent: ReadonlySignal<number>;
  readonly fault: ReadonlySignal<ApiError | null>;
  readonly media: ReadonlySignal<ShownMedia | null>;
  /** What somebody who cannot see it is told. */
  readonly alt: Signal<string>;
}

interface Going extends Attachment {
  readonly file: File | null;
  readonly stage: Signal<Stage>;
  readonly sent: Signal<number>;
  readonly fault: Signal<ApiError | null>;
  readonly media: Signal<ShownMedia | null>;
  sending: Sending | null;
  gone: boolean;
}

/** How a post names what it shows. */
export interface Attached {
  readonly uid: string;
  readonly alt: string;
}

export interface Tray {
  readonly items: ReadonlySignal<readonly Attachment[]>;
  /** True while something is on its way or has failed: the post cannot go out yet. */
  readonly unfinished: ReadonlySignal<boolean>;
  add(files: Iterable<File>): void;
  again(item: Attachment): void;
  remove(item: Attachment): void;
  move(item: Attachment, by: -1 | 1): void;
  attached(): Attached[];
  /** Takes what the post has already. */
  start(media: readonly { media: ShownMedia; alt: string }[]): void;
  /** Takes up what a draft named; what is no longer at the site is left out. */
  restore(kept: readonly Attached[]): Promise<void>;
  clear(): void;
}

let lastKey = 0;

function going(file: File | null, name: string, size: number): Going {
  lastKey += 1;
  return {
    key: lastKey,
    file,
    name,
    size,
    stage: signal<Stage>("waiting"),
    sent: signal(0),
    fault: signal<ApiError | null>(null),
    media: signal<ShownMedia | null>(null),
    alt: signal(""),
    sending: null,
    gone: false,
  };
}

export function makeTray(): Tray {
  const items = signal<readonly Going[]>([]);

  function next(): void {
    const busy = items.value.filter((item) => item.stage.value === "sending").length;
    for (const item of items.value
      .filter((one) => one.stage.value === "waiting")
      .slice(0, SENDING_AT_ONCE - busy)) {
      void send(item);
    }
  }

  async function send(item: Going): Promise<void> {
    if (!item.file) return;
    item.stage.value = "sending";
    item.fault.value = null;
    try {
      item.sending = sendFile(item.file, (bytes) => {
        item.sent.value = bytes;
      });
      const uid = await item.sending.done;
      item.sending = null;
      item.stage.value = "preparing";
      next();
      const { shown } = await prepared(uid, () => item.gone);
      if (identity.value.status === "ready") await seenBytes(uid, item.file);
      item.media.value = shown;
      item.stage.value = "ready";
    } catch (thrown) {
      item.sending = null;
      item.fault.value = asApiError(thrown);
      item.stage.value = "failed";
      next();
    }
  }

  function drop(item: Going): void {
    item.gone = true;
    item.sending?.stop();
    const uid = item.file && item.media.value?.uid;
    if (uid) void deleteMedium(uid).catch(() => undefined);
  }

  const own = (item: Attachment) => item as Going;

  return {
    items,
    unfinished: computed(() => items.value.some((item) => item.stage.value !== "ready")),
    add(files) {
      const room = MOST - items.value.length;
      const added = [...files].slice(0, room).map((file) => going(file, file.name, file.size));
      items.value = [...items.value, ...added];
      next();
    },
    again(item) {
      own(item).stage.value = "waiting";
      own(item).sent.value = 0;
      next();
    },
    remove(item) {
      items.value = items.value.filter((one) => one !== item);
      drop(own(item));
      next();
    },
    move(item, by) {
      const order = [...items.value];
      const from = order.indexOf(own(item));
      const to = from + by;
      if (from < 0 || to < 0 || to >= order.length) return;
      order.splice(to, 0, ...order.splice(from, 1));
      items.value = order;
    },
    attached() {
      return items.value.flatMap((item) =>
        item.media.value ? [{ uid: item.media.value.uid, alt: item.alt.value.trim() }] : [],
      );
    },
    start(media) {
      items.value = media.map(({ media: shown, alt }) => {
        const item = going(null, shown.name, shown.whole.size);
        item.media.value = shown;
        item.alt.value = alt;
        item.stage.value = "ready";
        return item;
      });
    },
    async restore(kept) {
      const found = await Promise.all(
        kept.map(async ({ uid, alt }) => {
          const medium = await getMedium(uid).catch(() => null);
          return medium?.shown ? { media: medium.shown, alt } : null;
        }),
      );
      const there = found.filter((one) => one !== null);
      if (items.value.length === 0 && there.length > 0) this.start(there);
    },
    clear() {
      for (const item of items.value) item.gone = true;
      items.value = [];
    },
  };
}
