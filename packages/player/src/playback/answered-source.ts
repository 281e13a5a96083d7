import { TokenSession, type EventLog, type TokenSettings } from '@gatecast/element';
import { entryOf, isAccessEnd, outlook, type GatecastError, type TokenValue } from '@gatecast/token';
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
  /**
   * Called with the address in the response. The token stays valid for what is loaded during the call, with the playlists of the
   * same response.
   *
   * @returns whether the source is loaded.
   */
  onSource(url: string, stream: string, answer: AnsweredParts): boolean;
  /** Called with the error why there is none. While another attempt may succeed, there is one. */
  onError(error: GatecastError): void;
}

/** Asks for the token of an element without a source, whose response names the address to play. */
export class AnsweredSource {
  readonly #options: AnsweredSourceOptions;
  readonly #tokens: TokenSession;
  readonly #answer: { -readonly [Part in keyof AnsweredParts]: AnsweredParts[Part] } = {};
  #attempt = new AbortController();
  #hasFailed = false;
  /** Has the backend ended the access? Then only the viewer starts again, or the page by another source. */
  #hasEnded = false;

  constructor(options: AnsweredSourceOptions) {
    const { host, log, settings, stream, token } = options;
    this.#options = options;
    this.#tokens = new TokenSession({
      host,
      log,
      purpose: 'playback',
      settings,
      streams: [stream],
      onPlaylists: (playlists, media) => Object.assign(this.#answer, { playlists, media }),
      // Known before the page can react to the event of the failure.
      onMissing: (error) => {
        this.#hasFailed = isFinal(error);
      },
    });
    if (token !== null) this.#tokens.seed(stream, token);
  }

  /** Resolves when no other attempt follows. The manager of the tokens paces the attempts. */
  async start(): Promise<void> {
    this.#attempt.abort();
    const { signal } = (this.#attempt = new AbortController());
    const { stream } = this.#options;
    this.#hasFailed = this.#hasEnded = false;
    while (!this.#hasFailed) {
      try {
        const { value } = await this.#tokens.get(stream, { signal });
        signal.throwIfAborted();
        const url = entryOf(value, stream);
        if (url === null) throw missingSource(['The token response has no "url".']);
        if (this.#options.onSource(url, stream, this.#answer)) {
          this.stop();
          return;
        }
        this.#hasFailed = true;
      } catch (error) {
        const typed = asPlaybackError(error);
        if (!typed || signal.aborted) return;
        this.#options.onError(typed);
        this.#hasFailed = isFinal(typed);
        this.#hasEnded = isAccessEnd(typed.code);
      }
    }
    // Tokens without a use need no renewal.
    this.#tokens.rest();
  }

  /**
   * Takes another token function of the page. It is called from the next request on. After a failure it is called at once,
   * if the page has not caused too many attempts. An end of the access is up to the viewer.
   *
   * @returns the end of the new attempts, if there are any.
   */
  setSettings(settings: TokenSettings): Promise<void> | null {
    if (
      this.#attempt.signal.aborted ||
      !this.#tokens.setSettings(settings, this.#hasFailed && !this.#hasEnded)
    )
      return null;
    return this.start();
  }

  stop(): void {
    this.#attempt.abort();
    this.#tokens.release();
  }
}

function isFinal(error: GatecastError): boolean {
  return outlook(error, { hasWorked: false }) === 'final';
}
