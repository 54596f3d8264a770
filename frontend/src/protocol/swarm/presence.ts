/** Who of the contacts is here (SPEC 7.8): told live, outside the history, forgotten by itself. Times are milliseconds. */

export const RENEW = 120_000;
export const EXPIRE = 300_000;
export const ANSWER = 2_000;
/** Seconds: how long an envelope that tells it lasts. */
export const LIFE = 300;

/** One's own side: which device is answered when it asks. */
export class Callers {
  private readonly answered = new Map<string, number>();

  /** Whether to answer now, which is at most once in two seconds. */
  asks(device: string, now: number): boolean {
    for (const [each, time] of this.answered) if (!isWithin(ANSWER, time, now)) this.answered.delete(each);
    if (this.answered.has(device)) return false;
    this.answered.set(device, now);
    return true;
  }
}

interface Said {
  readonly account: string;
  readonly here: boolean;
  /** By its own clock, and when it came by ours. */
  readonly said: number;
  readonly came: number;
}

/** The others' side. Each device is remembered by what it said last, by its own clock, for as long as that counts. */
export class Company {
  /** By `account device`. */
  private readonly last = new Map<string, Said>();

  /** A device of a contact said at `said`, by its clock, whether its owner is here. */
  heard(account: string, device: string, here: boolean, said: number, now: number): void {
    const pair = `${account} ${device}`;
    const before = this.last.get(pair);
    const isLater = before === undefined || said > before.said;
    if (isLater || (said === before.said && before.here && !here))
      this.last.set(pair, { account, here, said, came: now });
  }

  /** Who is here now, sorted. */
  accounts(now: number): readonly string[] {
    for (const [pair, { came }] of this.last) if (!isWithin(EXPIRE, came, now)) this.last.delete(pair);
    return [...new Set([...this.last.values()].flatMap(({ account, here }) => (here ? account : [])))].sort();
  }
}

function isWithin(span: number, since: number, now: number): boolean {
  return now >= since && now - since < span;
}
