import type { TokenSession } from '@gatecast/element';
import type { ResolvedEntry } from '../source/player-source.js';
import type { PlaybackOptions } from './playback-host.js';

/**
 * Uses the tokens that the page has given. An entry's own takes precedence over that of the element, which is for any stream. When
 * another engine plays the same source, they are older than those that have come since.
 */
export function seedTokens(
  tokens: TokenSession,
  entries: readonly ResolvedEntry[],
  { token: ofElement, keepsTokens }: PlaybackOptions,
): void {
  for (const { stream, security } of entries) {
    const token = security ?? ofElement;
    if (token !== null && !(keepsTokens && tokens.peek(stream))) tokens.seed(stream, token);
  }
}
