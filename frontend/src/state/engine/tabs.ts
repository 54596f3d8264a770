/**
 * One tab leads, the others ask it: only the tab that holds the lock of the member's name authors, opens mail and is connected.
 *
 * The others read the same storage; they are told what was touched, and send their commands to the leader. A command to a leader that has
 * gone fails as `other_tab`; nothing is sent twice by itself.
 */

import { codeOf, LocalFault, ToldFault } from "../faults.ts";
import type { ChangeView, ConnectionView, PairingView, WaitingVault } from "../views.ts";
import type { Touched } from "./core.ts";
import type { Channel, Outside } from "./outside.ts";

const PATIENCE = 30_000;

/** What the leader shows that is not in storage. */
export interface Status {
  readonly connection: ConnectionView;
  readonly pairing: PairingView;
  readonly waitingVaults: readonly WaitingVault[];
  readonly changes: ChangeView | null;
  /** The accounts of contacts that are here. */
  readonly here: readonly string[];
  /** The site shows another device list of ours than the newest one known: the code of what is wrong with it. */
  readonly alarm: string | null;
}

type Message =
  | { readonly kind: "touched"; readonly touched: Touched }
  | { readonly kind: "status"; readonly status: Status }
  | { readonly kind: "hello" }
  | {
      readonly kind: "call";
      readonly call: string;
      readonly method: string;
      readonly args: readonly unknown[];
    }
  | { readonly kind: "answer"; readonly call: string; readonly value?: unknown; readonly code?: string };

export interface TabHandlers {
  readonly touched: (touched: Touched) => void;
  readonly status: (status: Status) => void;
  /** Runs a command of another tab; called in the leader only. */
  readonly run: (method: string, args: readonly unknown[]) => Promise<unknown>;
  /** The leader's status, null in other tabs. */
  readonly current: () => Status | null;
}

export class Tabs {
  private readonly outside: Outside;
  private readonly channel: Channel;
  private readonly handlers: TabHandlers;
  private readonly calls = new Map<string, (answer: Message & { kind: "answer" }) => void>();
  private count = 0;

  constructor(outside: Outside, name: string, handlers: TabHandlers) {
    this.outside = outside;
    this.handlers = handlers;
    this.channel = outside.channel(name);
    this.channel.received = (message) => void this.received(message as Message);
    this.post({ kind: "hello" });
  }

  tellTouched(touched: Touched): void {
    this.post({ kind: "touched", touched });
  }

  tellStatus(status: Status): void {
    this.post({ kind: "status", status });
  }

  /** Asks the leading tab. Throws its fault, or `other_tab` when none answers. */
  call(method: string, args: readonly unknown[]): Promise<unknown> {
    this.count += 1;
    const call = `${this.outside.clock.now()}.${this.count}.${this.outside.random.bytes(8).join("")}`;
    return new Promise((resolve, reject) => {
      const cancel = this.outside.after(PATIENCE, () => {
        this.calls.delete(call);
        reject(new LocalFault("other_tab"));
      });
      this.calls.set(call, (answer) => {
        cancel();
        if (answer.code === undefined) resolve(answer.value);
        else reject(new ToldFault(answer.code));
      });
      this.post({ kind: "call", call, method, args });
    });
  }

  close(): void {
    this.channel.close();
  }

  private post(message: Message): void {
    this.channel.post(message);
  }

  private async received(message: Message): Promise<void> {
    const status = this.handlers.current();
    switch (message.kind) {
      case "touched":
        return this.handlers.touched(message.touched);
      case "status":
        return status === null ? this.handlers.status(message.status) : undefined;
      case "hello":
        return status === null ? undefined : this.tellStatus(status);
      case "answer":
        this.calls.get(message.call)?.(message);
        this.calls.delete(message.call);
        return;
      case "call":
        return status === null ? undefined : this.answer(message.call, message.method, message.args);
    }
  }

  private async answer(call: string, method: string, args: readonly unknown[]): Promise<void> {
    try {
      this.post({ kind: "answer", call, value: await this.handlers.run(method, args) });
    } catch (error) {
      this.post({ kind: "answer", call, code: codeOf(error) });
    }
  }
}
