import { streamNameOf, type TokenPurpose } from '@gatecast/contract';

/** A stream that the doctor follows, with what a page says about it. */
export interface StreamTarget {
  /** Absolute address of the first playlist, or of the WHIP endpoint. */
  readonly src: string;
  readonly stream: string;
  /** What its tokens are for. */
  readonly purpose: TokenPurpose;
  readonly tokenUrl: string | null;
  readonly placement: string;
  /** Origins that may receive the token, besides that of `src`. */
  readonly tokenOrigins: readonly string[];
  readonly credentials: 'omit' | 'same-origin' | 'include';
}

/** Name of the stream of a WHIP endpoint, as the webcaster takes it without `stream`. Empty if the address has none. */
export function streamOfEndpoint(endpoint: string): string {
  return streamNameOf(new URL(endpoint).pathname.split('/').filter(Boolean).at(-1) ?? '');
}
