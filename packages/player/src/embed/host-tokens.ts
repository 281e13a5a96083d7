import { streamNameOf } from '@gatecast/contract';
import type { TokenFunction } from '@gatecast/token';
import { answerTokens, tokenMessage } from './answer-tokens.js';
import type { EmbedProblem, EmbedSource, FrameMessage, HostMessage } from './embed-messages.js';
import { readEmbedSource } from './embed-source.js';

type TokenRequestMessage = Extract<FrameMessage, { type: 'token-request' }>;

export interface HostTokensOptions {
  readonly iframe: Pick<HTMLIFrameElement, 'src'>;
  readonly tokenSource: TokenFunction | undefined;
  /** @defaultValue the streams that this page has named: in the address of the iframe and with `load` */
  readonly streams: readonly string[] | ((stream: string) => boolean) | undefined;
  readonly send: (message: HostMessage) => void;
  /** Called for what the frame cannot say. */
  readonly report: (problem: EmbedProblem) => void;
}

/** Token requests of one frame at a time. A player has one for all streams, or one for each. */
const REQUEST_LIMIT = 64;

/** Answers token requests of a frame: only for playback, and only of the streams that this page has named. */
export class HostTokens {
  readonly #options: HostTokensOptions;
  readonly #requests = new Map<number, AbortController>();
  readonly #loaded = new Set<string>();
  #isRefusalReported = false;

  constructor(options: HostTokensOptions) {
    this.#options = options;
  }

  /** The page has asked for this stream. */
  allow(source: EmbedSource): void {
    this.#loaded.add(this.#nameOf(source));
  }

  cancel(id: number): void {
    this.#requests.get(id)?.abort();
  }

  /** Ends all requests, and forgets the streams of `allow`. */
  end(): void {
    for (const request of this.#requests.values()) request.abort();
    this.#requests.clear();
    this.#loaded.clear();
    this.#isRefusalReported = false;
  }

  async answer({ id, purpose, streams, reason }: TokenRequestMessage): Promise<void> {
    const { tokenSource, send, report } = this.#options;
    if (tokenSource && (purpose !== 'playback' || !streams.every((stream) => this.#isAllowed(stream)))) {
      if (!this.#isRefusalReported) report(strangeRequest());
      this.#isRefusalReported = true;
      send(tokenMessage(id, 403, ''));
      return;
    }
    if (!tokenSource || this.#requests.size >= REQUEST_LIMIT || this.#requests.has(id)) {
      send(tokenMessage(id, tokenSource ? 429 : 0, ''));
      return;
    }
    const request = new AbortController();
    this.#requests.set(id, request);
    const message = await answerTokens(tokenSource, id, { purpose, streams, reason }, request.signal, report);
    // After a new load of the frame, the id can be that of another request.
    if (this.#requests.get(id) === request) this.#requests.delete(id);
    if (message) send(message);
  }

  #isAllowed(stream: string): boolean {
    const { streams, iframe } = this.#options;
    if (typeof streams === 'function') return streams(stream);
    if (streams) return streams.includes(stream);
    if (this.#loaded.has(stream)) return true;
    const fields = URL.canParse(iframe.src) ? new URL(iframe.src).searchParams : new URLSearchParams();
    const source = readEmbedSource(fields);
    return source !== null && this.#nameOf(source) === stream;
  }

  /** As the player names a stream. */
  #nameOf({ src, whep, stream }: EmbedSource): string {
    if (stream) return stream;
    const base = this.#options.iframe.src;
    const address = src ?? whep ?? '';
    return streamNameOf(URL.canParse(address, base) ? new URL(address, base).href : address);
  }
}

function strangeRequest(): EmbedProblem {
  return {
    code: 'embed-stream-not-allowed',
    message: 'The frame asked for a token of a stream that this page has not named, or not for playback.',
    hint: 'Name the stream in the address of the iframe, with load(), or in the option "streams" of connectEmbed.',
    retryable: false,
    status: null,
  };
}
