import { TokenSession, type EventLog, type TokenSettings } from '@gatecast/element';
import { entryOf, outlook, type GatecastError, type TokenValue } from '@gatecast/token';
import type { PlayerSource } from '../source/player-source.js';
import type { PlaybackOptions } from './playback-host.js';
import { asPlaybackError, missingSource } from '../source/source-errors.js';

/** What came with the tokens. */
export type AnsweredParts = Pick<PlaybackOptions, 'playlists' | 'media'>;

export interface AnsweredSourceOptions {
  readonly host: EventTarget;
  readonly log: EventLog;
  readonly settings: TokenSettings;
  /** Name that the token is asked for. */
  readonly stream: string;
  /** A token that the page provided. */
  readonly token: TokenValue | null;
  readonly signal: AbortSignal;
  /**
   * Called with the source of the response. The token stays valid for what is loaded during the call, with the playlists of the
   * same response.
   */
  onSource(source: PlayerSource, answer: AnsweredParts): void;
  /** Called with the error why there is none. While another attempt may succeed, there is one. */
  onError(error: GatecastError): void;
}

/** Asks for the token of an element without a source, whose response names the address to play. */
export async function requestSource(options: AnsweredSourceOptions): Promise<void> {
  const { host, log, settings, stream, token, signal } = options;
  const answer: { -readonly [Part in keyof AnsweredParts]: AnsweredParts[Part] } = {};
  const tokens = new TokenSession({
    host,
    log,
    purpose: 'playback',
    settings,
    streams: [stream],
    onPlaylists: (playlists, media) => Object.assign(answer, { playlists, media }),
  });
  try {
    if (token !== null) tokens.seed(stream, token);
    const value = await tokenOf(tokens, options);
    if (value === null) return;
    const url = entryOf(value, stream);
    if (url === null) throw missingSource(['The token response has no "url".']);
    options.onSource({ entries: [{ index: 0, hls: url, stream }] }, answer);
  } catch (error) {
    const typed = asPlaybackError(error);
    if (typed && !signal.aborted) options.onError(typed);
  } finally {
    tokens.release();
  }
}

/** The token; `null` if it is not needed any more. The manager of the tokens paces the attempts. */
async function tokenOf(
  tokens: TokenSession,
  { stream, signal, ...options }: AnsweredSourceOptions,
): Promise<TokenValue | null> {
  for (;;) {
    try {
      return (await tokens.get(stream, { signal })).value;
    } catch (error) {
      const typed = asPlaybackError(error);
      if (!typed || signal.aborted) return null;
      options.onError(typed);
      if (outlook(typed, { hasWorked: false }) === 'final') return null;
    }
  }
}
