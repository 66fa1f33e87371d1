/** A first-in, first-out queue over a circular buffer: push and shift take constant time at any length. */
export class RingBuffer<T> {
  // Written out, because lanes are created often: Array.from takes 2 µs.
  #slots: (T | undefined)[] = [undefined, undefined, undefined, undefined];
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: T): void {
    if (this.#length === this.#slots.length) this.#grow();
    this.#slots[(this.#head + this.#length) & (this.#slots.length - 1)] = item;
    this.#length += 1;
  }

  /** Puts an item back in front of the others. */
  unshift(item: T): void {
    if (this.#length === this.#slots.length) this.#grow();
    this.#head = (this.#head - 1) & (this.#slots.length - 1);
    this.#slots[this.#head] = item;
    this.#length += 1;
  }

  peek(): T | undefined {
    return this.#slots[this.#head];
  }

  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.#length -= 1;
    return item;
  }

  /** Removes and returns what is past the first `length`, the last one first. */
  truncate(length: number): T[] {
    const items: T[] = [];
    while (this.#length > length) {
      this.#length -= 1;
      const slot = (this.#head + this.#length) & (this.#slots.length - 1);
      const item = this.#slots[slot];
      this.#slots[slot] = undefined;
      if (item !== undefined) items.push(item);
    }
    return items;
  }

  /** Removes and returns everything, in order. */
  drain(): T[] {
    const items: T[] = [];
    for (let item = this.shift(); item !== undefined; item = this.shift()) items.push(item);
    return items;
  }

  #grow(): void {
    const items = this.#slots.slice(this.#head).concat(this.#slots.slice(0, this.#head));
    items.length = this.#slots.length * 2;
    this.#slots = items;
    this.#head = 0;
  }
}
