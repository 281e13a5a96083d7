import type { PlayerSource } from './player-source.js';

/** Does the player itself choose the rendition? Not where its source says that the viewer does. */
export function hasAdaptation({ source }: { readonly source: PlayerSource | null }): boolean {
  return source?.options?.adaption?.rule !== 'none';
}
