import { GatecastError } from '@gatecast/token';
import type { ResolvedEntry } from '../../source/player-source.js';

/** An entry with an HLS URL. */
export type NativeEntry = ResolvedEntry & { readonly url: string };

/**
 * The entry to play: the start entry, else the best one for the bandwidth. A native player does not switch between
 * entries.
 *
 * @throws GatecastError `source-missing` when no entry has an HLS URL.
 */
export function pickNativeEntry(
  entries: readonly NativeEntry[],
  startIndex: number | null,
  bandwidthBps: number,
): NativeEntry {
  const entry =
    entries.find(({ index }) => index === startIndex) ??
    entries.find(({ bitrateKbps }) => (bitrateKbps ?? 0) * 1000 <= bandwidthBps) ??
    entries.at(-1);
  if (entry) return entry;
  throw new GatecastError('source-missing', 'No entry has an HLS URL.', {
    hint: 'Set "hls" on the entries, or choose an engine that plays entries with "h5live" only.',
  });
}
