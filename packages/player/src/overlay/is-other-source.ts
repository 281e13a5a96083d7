import { compareSources, type SourceUse } from '../source/compare-sources.js';
import type { ResolvedSource } from '../source/player-source.js';

/** Which entry plays is up to the engine. */
const PLAYS: SourceUse = { canPlay: ({ url, whepUrl }) => url !== null || whepUrl !== null };

/** Does something else play, so that what the viewer chose before does not count? Other tokens of the same source are none. */
export function isOtherSource(before: ResolvedSource | null, now: ResolvedSource | null): boolean {
  return before !== null && now !== null && compareSources(before, now, PLAYS).kind === 'switch';
}
