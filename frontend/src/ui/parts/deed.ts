/** One thing a form or button does: busy while it runs, its fault afterwards. A second press while busy is ignored. */
import { type Signal, signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { asFault, type Fault } from "../../state/shapes.ts";

export interface Deed {
  readonly busy: Signal<boolean>;
  readonly fault: Signal<Fault | null>;
  /** Runs `act`; resolves to whether it went well. */
  run(act: () => Promise<unknown>): Promise<boolean>;
}

export function useDeed(): Deed {
  return useMemo(makeDeed, []);
}

function makeDeed(): Deed {
  const busy = signal(false);
  const fault = signal<Fault | null>(null);
  async function run(act: () => Promise<unknown>): Promise<boolean> {
    if (busy.peek()) return false;
    busy.value = true;
    fault.value = null;
    try {
      await act();
      return true;
    } catch (thrown) {
      fault.value = asFault(thrown);
      return false;
    } finally {
      busy.value = false;
    }
  }
  return { busy, fault, run };
}
