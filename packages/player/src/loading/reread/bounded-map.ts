/** A map that forgets what was set first when it has too many entries. */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  /** Sets an entry, as the newest one. */
  override set(key: Key, value: Value): this {
    this.delete(key);
    return super.set(key, value);
  }

  /** Forgets the oldest entries. */
  shrink(capacity: number): void {
    for (const key of this.keys()) {
      if (this.size <= capacity) return;
      this.delete(key);
    }
  }
}
