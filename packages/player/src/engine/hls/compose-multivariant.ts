import type { ResolvedEntry } from '../../source/player-source.js';
import { ENTRY_ATTRIBUTE } from '../../loading/plan-start.js';

/** Assumed bitrate of the best rendition if it is unknown; each further unknown one gets half of the one above it. */
const ASSUMED_BEST_KBPS = 4000;

/** Writes a multivariant playlist (RFC 8216 section 4.3.4) with the entries as its variants. */
export function composeMultivariant(entries: readonly ResolvedEntry[]): string {
  const bitratesKbps = assumeBitrates(entries.map((entry) => entry.bitrateKbps));
  const lines = entries.flatMap((entry, position) => {
    if (entry.url === null) return [];
    const attributes = [
      `BANDWIDTH=${String(Math.round((bitratesKbps[position] ?? ASSUMED_BEST_KBPS) * 1000))}`,
      entry.width && entry.height ? `RESOLUTION=${String(entry.width)}x${String(entry.height)}` : '',
      entry.framerate ? `FRAME-RATE=${entry.framerate.toFixed(3)}` : '',
      `NAME="${entry.label.replace(/["\r\n]/g, '')}"`,
      `${ENTRY_ATTRIBUTE}=${String(entry.index)}`,
    ];
    return [`#EXT-X-STREAM-INF:${attributes.filter(Boolean).join(',')}`, entry.url];
  });
  return ['#EXTM3U', '#EXT-X-INDEPENDENT-SEGMENTS', ...lines, ''].join('\n');
}

/** Fills in unknown bitrates and keeps the order of quality. */
function assumeBitrates(bitratesKbps: readonly (number | null)[]): number[] {
  const result: number[] = [];
  for (const bitrateKbps of bitratesKbps) {
    const better = result.at(-1);
    result.push(bitrateKbps ?? (better === undefined ? ASSUMED_BEST_KBPS : better / 2));
  }
  return result;
}
