import type { ResolvedSource } from './player-source.js';

/** Does the player choose the rendition? Not where the source leaves it to the viewer. */
export function hasAdaptation(source: ResolvedSource | null): boolean {
  return source?.rule !== 'none';
}
