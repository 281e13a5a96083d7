import { GatecastError } from '@gatecast/token';

/** Handshakes that the server ends because of the token. */
const TOKEN_CODES: ReadonlySet<number> = new Set([4401, 4403, 4900, 4901, 4903, 4904]);
/** What version 5 makes of 4403. */
const TOKEN_CODE_V5 = 2004;
/** Any failed handshake, be it 401, 403, 404 or 503: the browser tells scripts no more. */
const HANDSHAKE_FAILED = 4106;
/** Playback waits for the viewer or the page: needs a gesture, was suspended, is hidden. No failure. */
const WAITING_CODES: ReadonlySet<number> = new Set([1005, 1007, 1009]);

export interface VendorErrorQuestion {
  readonly code: number;
  /** Major version of the vendor's player. */
  readonly majorVersion: number;
  /** Has the token that the player holds ended, is it about to, or is there a newer one? */
  readonly isTokenOld: boolean;
  /** Refusals of late, this one not counted, each answered with a fresh token. */
  readonly refusals: number;
}

export type VendorRemedy =
  /** Fetch fresh tokens, update the source once, and play. */
  | { readonly kind: 'renew' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'fail'; readonly error: GatecastError };

/** A fresh token that is refused as well may be a race; a second one is an answer. */
const MAX_REFUSALS = 2;

/** What is to be done about an error of the vendor's player. */
export function readVendorError({
  code,
  majorVersion,
  isTokenOld,
  refusals,
}: VendorErrorQuestion): VendorRemedy {
  if (WAITING_CODES.has(code)) return { kind: 'wait' };
  const isRefusal =
    TOKEN_CODES.has(code) ||
    (code === TOKEN_CODE_V5 && majorVersion >= 5) ||
    (code === HANDSHAKE_FAILED && isTokenOld);
  if (!isRefusal) return { kind: 'fail', error: vendorFailed(code) };
  return refusals < MAX_REFUSALS ? { kind: 'renew' } : { kind: 'fail', error: tokensRefused(code) };
}

/** Fresh tokens are refused as well: one error that names the vendor's code. */
export function tokensRefused(vendorCode: number): GatecastError {
  return new GatecastError(
    'vendor-player-failed',
    `The vendor’s server refuses fresh tokens too (${vendorCode}).`,
    {
      hint: 'Compare the token’s stream, domain and tag with what the page plays, and its key with the vendor’s dashboard.',
      vendorCode,
    },
  );
}

/** An error of the vendor's player that no token can mend. */
function vendorFailed(vendorCode: number | undefined, cause?: unknown): GatecastError {
  return new GatecastError(
    'vendor-player-failed',
    `The vendor’s player failed${vendorCode === undefined ? '' : ` (${vendorCode})`}.`,
    { hint: hintFor(vendorCode), retryable: isRetryable(vendorCode), vendorCode, cause },
  );
}

/** The vendor's `setup` was refused: with a code, or with a bare error where it did not expect what it got. */
export function setupFailed(error: unknown): GatecastError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return vendorFailed(typeof code === 'number' ? code : undefined, error);
}

/** Streams (2…), media (3…) and the network (4…) may come back; the player's use (1…) and setup (5…) will not. */
function isRetryable(code: number | undefined): boolean {
  return code !== undefined && code >= 2000 && code < 5000;
}

const HINTS: Readonly<Record<number, string>> = {
  5004: 'The source is malformed: give each entry h5live.server.websocket and h5live.rtmp; plain HLS URLs play with engine="auto".',
  5005: 'Set h5live.rtmp.url and h5live.rtmp.streamname on each entry.',
  5007: 'Set h5live.server.websocket on each entry.',
};

function hintFor(code: number | undefined): string {
  const hint = code === undefined ? undefined : HINTS[code];
  return (
    hint ?? 'Look the code up in the vendor’s list of error codes; diagnostics() holds what happened before.'
  );
}
