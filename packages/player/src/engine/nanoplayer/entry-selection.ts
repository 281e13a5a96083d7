import { GatecastError } from '@gatecast/token';
import type { ResolvedEntry, ResolvedSource } from '../../source/player-source.js';
import type { EngineReport, EntryChangeReason } from '../engine.js';
import { vendorEntries } from './build-vendor-source.js';

type EntryReport = Extract<EngineReport, { readonly type: 'entry' }>;

/** The entries that the vendor's player can play, which of them plays, and by which rule it changes. */
export class EntrySelection {
  readonly entries: readonly ResolvedEntry[];
  readonly source: ResolvedSource;
  #position: number;
  #rule: string;
  #nextReason: EntryChangeReason = 'start';
  /** Choice before the entries of a group are known. */
  #early: number | null = null;
  /** Position that was reported last. */
  #reported: number | null = null;

  constructor(source: ResolvedSource) {
    this.source = source;
    this.entries = vendorEntries(source);
    this.#position = Math.max(
      0,
      this.entries.findIndex((entry) => entry.index === source.startIndex),
    );
    this.#rule = source.rule;
  }

  /** @throws GatecastError `source-missing` when there is neither an entry nor a group to play. */
  assertNotEmpty(): void {
    if (this.entries.length > 0 || this.source.group) return;
    throw new GatecastError('source-missing', 'No entry is for the vendor’s player.', {
      hint: 'Give the entries "h5live" with server and rtmp; plain HLS URLs play with engine="auto".',
    });
  }

  /** Position among `entries` of the one that plays or is about to play. */
  get position(): number {
    return this.#position;
  }

  /** `none` after a manual choice. */
  get rule(): string {
    return this.#rule;
  }

  /** The stream whose token is in use: that of the entry, or of the group. */
  get stream(): string {
    return (this.entries[this.#position] ?? this.source.entries[0])?.stream ?? '';
  }

  /** The same group with its entries. */
  inGroup(source: ResolvedSource): EntrySelection {
    const selection = new EntrySelection(source);
    if (selection.entries.some(({ index }) => index === this.#early)) selection.choose(this.#early ?? 'auto');
    return selection;
  }

  /** @throws RangeError for an index that no entry has. */
  choose(index: number | 'auto'): void {
    if (index !== 'auto' && this.entries.length === 0) {
      this.#early = index;
      return;
    }
    const position = this.entries.findIndex((entry) => entry.index === index);
    if (index !== 'auto' && position < 0)
      throw new RangeError(`switchEntry: no entry has the index ${String(index)}`);
    this.#rule = index === 'auto' ? this.source.rule : 'none';
    if (index !== 'auto') this.#position = position;
    this.#nextReason = index === 'auto' ? 'abr' : 'manual';
  }

  /** The player is about to switch by its rule. */
  onSwitchStarted(position: number | undefined): void {
    if (position !== undefined && position in this.entries) this.#position = position;
    this.#nextReason = 'abr';
  }

  /** The player has switched. @returns what to report, if anything. */
  onSwitched(position: number | undefined): EntryReport | null {
    return position === undefined ? null : this.onPlaying(position);
  }

  /** The player is about to play a stream of this name. @returns what to report, if nothing plays yet. */
  onStreamInfo(streamName: string | undefined): EntryReport | null {
    if (this.#reported !== null || streamName === undefined) return null;
    const position = this.entries.findIndex(({ raw }) => raw.h5live?.rtmp?.streamname === streamName);
    return position < 0 ? null : this.onPlaying(position);
  }

  /** An entry plays. @returns what to report, if it is another one than before. */
  onPlaying(position: number = this.#position): EntryReport | null {
    const entry = this.entries[position];
    if (!entry) return null;
    this.#position = position;
    const reason = this.#nextReason;
    this.#nextReason = 'abr';
    if (position === this.#reported) return null;
    this.#reported = position;
    return { type: 'entry', index: entry.index, reason };
  }
}
