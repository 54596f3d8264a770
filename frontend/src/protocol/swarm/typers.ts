/** Who is typing (SPEC 7.8): told live, outside the history, forgotten by itself. Times are milliseconds. */

export const RENEW = 5_000;
export const EXPIRE = 12_000;

/** One's own side in one conversation: when the others are to be told. */
export class Typist {
  private told: number | null = null;

  /** A key was pressed: whether to say so now, which is at once and then every five seconds. */
  typed(now: number): boolean {
    if (this.told !== null && isWithin(RENEW, this.told, now)) return false;
    this.told = now;
    return true;
  }

  /** The text was sent or given up: whether to say so, which is unless it was forgotten already. */
  stopped(now: number): boolean {
    const { told } = this;
    this.told = null;
    return told !== null && isWithin(EXPIRE, told, now);
  }
}

/** The others' side, of one conversation. */
export class Typers {
  /** By `account device`, when it was last heard to type. */
  private readonly times = new Map<string, number>();

  heard(account: string, device: string, typing: boolean, now: number): void {
    if (typing) this.times.set(`${account} ${device}`, now);
    else this.said(account, device);
  }

  /** Its message came. */
  said(account: string, device: string): void {
    this.times.delete(`${account} ${device}`);
  }

  /** No member any more. */
  drop(account: string): void {
    for (const pair of this.times.keys()) if (pair.startsWith(`${account} `)) this.times.delete(pair);
  }

  /** Who types now, sorted. */
  accounts(now: number): readonly string[] {
    for (const [pair, time] of this.times) if (!isWithin(EXPIRE, time, now)) this.times.delete(pair);
    return [...new Set([...this.times.keys()].map((pair) => pair.split(" ")[0] ?? ""))].sort();
  }
}

function isWithin(span: number, since: number, now: number): boolean {
  return now >= since && now - since < span;
}
