import type { TokenPurpose } from '@gatecast/contract';

/** A stream that the doctor follows, with what a page says about it. */
export interface StreamTarget {
  /** Absolute address of the first playlist, or of the WHIP or WHEP endpoint. */
  readonly src: string;
  readonly stream: string;
  /** What its tokens are for. `ingest` is for WHIP. */
  readonly purpose: TokenPurpose;
  /** Is it played by WHEP? @defaultValue false */
  readonly isWhep?: boolean;
  readonly tokenUrl: string | null;
  readonly placement: string;
  /** Origins that may receive the token, besides that of `src`. */
  readonly tokenOrigins: readonly string[];
  readonly credentials: 'omit' | 'same-origin' | 'include';
}

/**
 * Name of the stream of a WHIP endpoint, as the webcaster takes it without `stream`: unlike that of a playlist, with an extension.
 * Empty if the address has none.
 */
export function streamOfEndpoint(endpoint: string): string {
  const name = new URL(endpoint).pathname.split('/').filter(Boolean).at(-1) ?? '';
  try {
    // A URL may contain "%" without digits after it, which is not an escape.
    return decodeURIComponent(name.replace(/%(?![\da-f]{2})/gi, '%25'));
  } catch {
    // The bytes are not UTF-8.
    return name;
  }
}
