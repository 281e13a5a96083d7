import type { ResolvedSource } from './player-source.js';

/** Does the player choose the rendition? With the rule `none`, the viewer chooses it. */
export function hasAdaptation(source: ResolvedSource | null): boolean {
  return source?.rule !== 'none';
}
