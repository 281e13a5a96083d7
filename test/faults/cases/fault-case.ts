/** What a request asks for. `media` is all but tokens, `playlist` is media playlists. */
export type FaultTarget = 'tokens' | 'media' | 'multivariant' | 'playlist' | 'init' | 'key' | 'segment';

/** `Retry-After` of an error response, 3 s ahead, in one of the two forms of RFC 9110, 10.2.3. */
export type RetryAfterForm = 'seconds' | 'date';

/** Faults of the connection or of the whole response, for media and for tokens. */
export type AnswerFault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfter?: RetryAfterForm;
      /** Whether the page can read the response. @defaultValue true */
      readonly cors?: boolean;
    }
  /** Closes the connection without a response. */
  | { readonly kind: 'reset' }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Sends the body at this rate. */
  | { readonly kind: 'slow'; readonly kilobitsPerSecond: number }
  /** Status 200 with no body. */
  | { readonly kind: 'empty' }
  /** Status 200 with an HTML page, as a captive portal or a CDN sends it. */
  | { readonly kind: 'html' }
  /** The right body as `text/plain`. */
  | { readonly kind: 'wrong-type' };

/** Faults of the content of media. */
export type MediaFault =
  /** `#EXTM3U` and nothing else. */
  | { readonly kind: 'header-only' }
  /** The first half of the body, with the length of the half. */
  | { readonly kind: 'half' }
  /** Random bytes of the right length. */
  | { readonly kind: 'garbage' }
  /** Promises the whole body and closes the connection in the middle. */
  | { readonly kind: 'truncated' }
  /** 403 to each request, whatever its token: the origin does not know the new key yet. */
  | { readonly kind: 'refuse-tokens'; readonly cors?: boolean }
  /** 403 to tokens that are older than the fault, also after its end. */
  | { readonly kind: 'revoke' };

/** Faults of the tokens themselves. */
export type TokenFault =
  /** The token of the response before. */
  | { readonly kind: 'same-token' }
  /** Status 200 with the text `error`. */
  | { readonly kind: 'text'; readonly text: string }
  /** The token is valid only after this time; the origin checks it. */
  | { readonly kind: 'not-before'; readonly seconds: number }
  /** The token has ended a minute ago. */
  | { readonly kind: 'expired' };

/** Faults of the encoder, which change the stream itself. */
export type EncoderFault =
  /** Stops, and begins again at sequence 0 and timestamp 0, with or without a discontinuity tag. */
  | { readonly kind: 'restart'; readonly discontinuity?: boolean }
  /** Stops, and goes on at sequence 0 with the timestamps of the clock. */
  | { readonly kind: 'sequence-reset' }
  /** Stops, and goes on with the next sequence number; the timestamps have a hole. */
  | { readonly kind: 'hole' };

/** A fault that acts from the time when the case sets it to the time when the case ends it. */
export type Fault =
  | {
      readonly on: FaultTarget;
      readonly does: AnswerFault | MediaFault | TokenFault;
      /** Acts on so many requests of each player. @defaultValue all */
      readonly requests?: number;
      /** Acts on one rendition only. @defaultValue all */
      readonly rendition?: string;
    }
  | { readonly on: 'encoder'; readonly does: EncoderFault }
  /** Clock of endpoint and origin, compared with the viewer's. Positive is ahead. */
  | { readonly on: 'clock'; readonly does: { readonly kind: 'skew'; readonly seconds: number } };

export type StreamShape = 'media' | 'multivariant' | 'ts' | 'aes' | 'vod';

/** What must hold for our player. */
export interface Expectation {
  /** Plays again at most so many seconds after the fault has ended. @defaultValue 5 */
  readonly backWithinS?: number;
  /** Whether `secure-error` may be fired meanwhile. @defaultValue `allowed` */
  readonly error?: 'none' | 'allowed';
  /**
   * The fault is final for our player, which reports it and does not go on: nothing has worked yet, and the page's settings
   * may be wrong.
   *
   * @defaultValue false
   */
  readonly isFinal?: boolean;
  /** Token requests of a viewer in a minute. @defaultValue 13, the first one and twelve more */
  readonly tokensPerMinute?: number;
}

/** One row of the matrix. */
export interface FaultCase {
  /** Kebab case, unique. It is the name of the stream, too. */
  readonly name: string;
  /** The fault in words. */
  readonly title: string;
  readonly stream: StreamShape;
  /** The fault is there before the players, comes while they play, or comes while they are paused. */
  readonly when: 'start' | 'playing' | 'paused';
  /** Duration of the fault. */
  readonly seconds: number;
  readonly faults: readonly Fault[];
  /** Whether the page has set `wait`, because the stream may start later. @defaultValue false */
  readonly waits?: boolean;
  /** Lifetime of tokens. @defaultValue 60 */
  readonly tokenTtlSeconds?: number;
  readonly expect?: Expectation;
}

/** Groups of cases, for the command line and the sections of the table. */
export interface FaultGroup {
  readonly name: string;
  readonly title: string;
  readonly cases: readonly FaultCase[];
}
