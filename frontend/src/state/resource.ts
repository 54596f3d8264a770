/**
 * Something that is fetched and shown: its data, its fault, and when the data was fresh. A later failure keeps the
 * earlier data, so that a screen can say "as it was at …".
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import { type ApiError, asApiError } from "../api/errors.ts";

export interface Shown<T> {
  readonly data: ReadonlySignal<T | undefined>;
  readonly fault: ReadonlySignal<ApiError | null>;
  readonly busy: ReadonlySignal<boolean>;
  /** When `data` was fetched, in milliseconds; null before the first time. */
  readonly freshAt: ReadonlySignal<number | null>;
  /** Fetches again; callers that come while one fetch runs share it. Never throws: the fault is shown instead. */
  load(): Promise<void>;
}

export interface Resource<T> extends Shown<T> {
  /** Replaces the data after a change that the caller knows the outcome of. */
  put(data: T): void;
  forget(): void;
}

export function resource<T>(fetcher: () => Promise<T>): Resource<T> {
  const data = signal<T | undefined>(undefined);
  const fault = signal<ApiError | null>(null);
  const busy = signal(false);
  const freshAt = signal<number | null>(null);
  let running: Promise<void> | null = null;
  let generation = 0;

  function put(value: T): void {
    data.value = value;
    fault.value = null;
    freshAt.value = Date.now();
  }

  async function run(): Promise<void> {
    const mine = generation;
    busy.value = true;
    try {
      const fetched = await fetcher();
      if (mine === generation) put(fetched);
    } catch (thrown) {
      if (mine === generation) fault.value = asApiError(thrown);
    } finally {
      if (mine === generation) {
        busy.value = false;
        running = null;
      }
    }
  }

  return {
    data,
    fault,
    busy,
    freshAt,
    put,
    load() {
      running ??= run();
      return running;
    },
    forget() {
      generation += 1;
      running = null;
      data.value = undefined;
      fault.value = null;
      busy.value = false;
      freshAt.value = null;
    },
  };
}

/** One resource for each key, made when first asked for. */
export function resources<T>(fetcher: (key: string) => Promise<T>): {
  of(key: string): Resource<T>;
  all(): Resource<T>[];
  forget(): void;
} {
  const known = new Map<string, Resource<T>>();
  return {
    of(key) {
      const found = known.get(key) ?? resource(() => fetcher(key));
      known.set(key, found);
      return found;
    },
    all() {
      return [...known.values()];
    },
    forget() {
      known.clear();
    },
  };
}
