import { RevocationIndex } from './revocation-index.js';
import { targetKey, type Revocation, type RevocationTarget } from './revocation.js';
import { keptUntil, type StoredChange } from './revocation-store.js';

/**
 * The decisions that one instance knows, in any order of arrival: of those about one target, the latest counts. What was lifted or
 * shortened is kept until the end that it had before, so that an old message does not bring it back.
 */
export class RevocationCopy {
  readonly index: RevocationIndex;
  readonly #changes = new Map<string, StoredChange>();
  #highestStamp = 0;
  /** No entry ends, or is forgotten, earlier. */
  #nextEndMs = Infinity;

  constructor(tagsOf: (user: string) => readonly string[]) {
    this.index = new RevocationIndex(tagsOf);
  }

  /** Of all decisions that were ever here. */
  get highestStamp(): number {
    return this.#highestStamp;
  }

  get changes(): Iterable<StoredChange> {
    return this.#changes.values();
  }

  /** Is the target revoked? */
  has(target: RevocationTarget): boolean {
    return this.index.has(targetKey(target));
  }

  /** Takes a decision unless a later one is known, or nobody has to know it any longer. Returns whether it was taken. */
  take(change: StoredChange, nowMs: number): boolean {
    const { stamp, revocation } = change;
    this.#highestStamp = Math.max(this.#highestStamp, stamp);
    const key = targetKey(revocation);
    const before = this.#changes.get(key);
    if (stamp <= (before?.stamp ?? 0)) return false;
    const keptUntilMs = Math.max(keptUntil(change), before ? keptUntil(before) : 0);
    if (keptUntilMs <= nowMs) return false;
    this.#changes.set(key, { ...change, keptUntilMs });
    const endMs = endOf(change);
    const isInForce = endMs > nowMs;
    this.#nextEndMs = Math.min(this.#nextEndMs, isInForce ? endMs : keptUntilMs);
    if (isInForce) this.index.set(revocation);
    else this.index.delete(key);
    return true;
  }

  /** Removes those that have ended, and returns the ones that were in force. */
  sweep(nowMs: number): Revocation[] {
    // With each request to revoke: a look at all entries would make many of them slow.
    if (nowMs < this.#nextEndMs) return [];
    this.#nextEndMs = Infinity;
    const ended: Revocation[] = [];
    for (const [key, change] of this.#changes) {
      const endMs = endOf(change);
      const isInForce = endMs > nowMs;
      const nextMs = isInForce ? endMs : keptUntil(change);
      if (nextMs > nowMs) this.#nextEndMs = Math.min(this.#nextEndMs, nextMs);
      else this.#changes.delete(key);
      if (!isInForce && this.index.delete(key)) ended.push(change.revocation);
    }
    return ended;
  }
}

/** End of a revocation, in milliseconds since 1970. 0 for what was lifted. */
function endOf({ revocation, isLifted }: StoredChange): number {
  return isLifted ? 0 : revocation.until * 1000;
}
