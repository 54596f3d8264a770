/** What any tab may have the leading one do (`commands`). Each is shown, or has failed, when it returns. */

import type { SignedPost } from "../views.ts";
import type { Command } from "./commands.ts";

export abstract class Asking {
  /** Here if this tab leads, else in the one that does. */
  protected abstract command(method: Command, ...args: readonly unknown[]): Promise<unknown>;

  reconnect(): void {
    void this.command("reconnect").catch(() => undefined);
  }
  async lightChanged(): Promise<void> {
    await this.command("lightChanged");
  }
  async hideFrom(address: string): Promise<void> {
    await this.command("hideFrom", address);
  }
  async open(address: string, name: string | null): Promise<string> {
    return (await this.command("open", address, name)) as string;
  }
  async accept(swarm: string): Promise<void> {
    await this.command("accept", swarm);
  }
  async decline(swarm: string): Promise<void> {
    await this.command("decline", swarm);
  }
  async send(swarm: string, text: string, replyTo: string | null): Promise<string> {
    return (await this.command("send", swarm, text, replyTo)) as string;
  }
  async edit(swarm: string, message: string, text: string): Promise<void> {
    await this.command("edit", swarm, message, text);
  }
  async remove(swarm: string, events: readonly string[]): Promise<void> {
    await this.command("remove", swarm, events);
  }
  async react(swarm: string, message: string, emoji: string): Promise<void> {
    await this.command("react", swarm, message, emoji);
  }
  async retry(message: string): Promise<void> {
    await this.command("retry", message);
  }
  async markRead(swarm: string): Promise<void> {
    await this.command("markRead", swarm);
  }
  async keepPost(signed: SignedPost): Promise<void> {
    await this.command("keepPost", signed);
  }
  async acceptNewKey(address: string): Promise<void> {
    await this.command("acceptNewKey", address);
  }
  async refreshVaults(): Promise<void> {
    await this.command("refreshVaults");
  }
  async pair(slot: string): Promise<void> {
    await this.command("pair", slot);
  }
  async pairByTicket(text: string): Promise<void> {
    await this.command("pairByTicket", text);
  }
  async revoke(device: string): Promise<void> {
    await this.command("revoke", device);
  }
  async confirmPairing(): Promise<void> {
    await this.command("confirmPairing");
  }
  async abortPairing(): Promise<void> {
    await this.command("abortPairing");
  }
}
