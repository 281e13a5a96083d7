import { RevocationIndex } from './revocation-index.js';
import { targetKey, type Revocation, type RevocationTarget } from './revocation.js';
import type { StoredChange } from './revocation-store.js';

/**
 * The decisions that one instance knows, in any order of arrival: of those about one target, the latest counts. What was lifted is
 * kept until its end, so that an old message does not bring it back.
 */
export class RevocationCopy {
  readonly index: RevocationIndex;
  readonly #changes = new Map<string, StoredChange>();
  #highestStamp = 0;
  /** No entry ends earlier. */
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
    return this.#changes.get(targetKey(target))?.isLifted === false;
  }

  /** Takes a decision unless it has ended or a later one is known. Returns whether it was taken. */
  take(change: StoredChange, nowMs: number): boolean {
    const { stamp, revocation, isLifted } = change;
    this.#highestStamp = Math.max(this.#highestStamp, stamp);
    const key = targetKey(revocation);
    const endMs = revocation.until * 1000;
    if (endMs <= nowMs || stamp <= (this.#changes.get(key)?.stamp ?? 0)) return false;
    this.#changes.set(key, change);
    this.#nextEndMs = Math.min(this.#nextEndMs, endMs);
    if (isLifted) this.index.delete(key);
    else this.index.set(revocation);
    return true;
  }

  /** Removes those that have ended, and returns the ones that were in force. */
  sweep(nowMs: number): Revocation[] {
    // With each request to revoke: a look at all entries would make many of them slow.
    if (nowMs < this.#nextEndMs) return [];
    this.#nextEndMs = Infinity;
    const ended: Revocation[] = [];
    for (const [key, { revocation, isLifted }] of this.#changes) {
      const endMs = revocation.until * 1000;
      if (endMs > nowMs) {
        this.#nextEndMs = Math.min(this.#nextEndMs, endMs);
        continue;
      }
      this.#changes.delete(key);
      this.index.delete(key);
      if (!isLifted) ended.push(revocation);
    }
    return ended;
  }
}
