import type { ResolvedEntry } from '../../source/player-source.js';
import { pickNativeEntry, type NativeEntry } from './pick-native-entry.js';

/** The entries that the browser can play, without those to which the access has ended. */
export class NativeEntries {
  readonly #all: readonly NativeEntry[];
  readonly #startIndex: number | null;
  readonly #ended = new Set<string>();

  constructor(entries: readonly ResolvedEntry[], startIndex: number | null) {
    this.#all = entries.filter(isPlayable);
    this.#startIndex = startIndex;
  }

  get open(): readonly NativeEntry[] {
    return this.#all.filter(({ stream }) => !this.#ended.has(stream));
  }

  /** @throws RangeError for an index of no entry. */
  at(index: number): NativeEntry {
    const entry = this.#all.find((each) => each.index === index);
    if (!entry) throw new RangeError(`switchEntry: no entry has the index ${String(index)}`);
    return entry;
  }

  /** The entry to begin with. @throws GatecastError `source-missing` if there is none. */
  pick(bandwidthBps: number): NativeEntry {
    return pickNativeEntry(this.open, this.#startIndex, bandwidthBps);
  }

  /** The access to a stream has ended. */
  leaveOut(stream: string): void {
    this.#ended.add(stream);
  }

  /** A stream has a new token. Returns whether its entries were left out before. */
  restore(stream: string): boolean {
    return this.#ended.delete(stream);
  }
}

function isPlayable(entry: ResolvedEntry): entry is NativeEntry {
  return entry.url !== null;
}
