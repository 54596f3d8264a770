/** A growing set of small numbers, one bit each: which control events lie in a past. */
export class Bits {
  private words = new Uint32Array(0);

  has(number: number): boolean {
    return ((this.words[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0;
  }

  add(number: number): void {
    this.grow((number >>> 5) + 1);
    this.words[number >>> 5]! |= 1 << (number & 31);
  }

  addAll(other: Bits): void {
    this.grow(other.words.length);
    for (let at = 0; at < other.words.length; at++) this.words[at]! |= other.words[at]!;
  }

  meets(other: Bits): boolean {
    const length = Math.min(this.words.length, other.words.length);
    for (let at = 0; at < length; at++) if ((this.words[at]! & other.words[at]!) !== 0) return true;
    return false;
  }

  /** Those of `items`, which are told apart by their place in it. */
  within<T>(items: readonly T[]): readonly T[] {
    return items.filter((_, number) => this.has(number));
  }

  private grow(length: number): void {
    if (length <= this.words.length) return;
    const words = new Uint32Array(length);
    words.set(this.words);
    this.words = words;
  }
}
