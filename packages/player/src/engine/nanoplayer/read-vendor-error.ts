import { GatecastError } from '@gatecast/token';

/** Codes with which the server refuses the token. */
const TOKEN_CODES: ReadonlySet<number> = new Set([4401, 4403, 4900, 4901, 4903, 4904]);
/** Version 5 reports 4403 with this code. */
const TOKEN_CODE_V5 = 2004;
/** Any failed handshake (401, 403, 404, 503): browsers do not give scripts the HTTP status. */
const HANDSHAKE_FAILED = 4106;
/** Not failures: playback needs a user gesture, was suspended, or the page is hidden. */
const WAITING_CODES: ReadonlySet<number> = new Set([1005, 1007, 1009]);

export interface VendorErrorQuestion {
  readonly code: number;
  /** Major version of the vendor's player. */
  readonly majorVersion: number;
  /** Has the player's token ended or nearly so, or is there a newer one? */
  readonly isTokenOld: boolean;
  /** Recent refusals before this one; each was answered with a fresh token. */
  readonly refusals: number;
}

export type VendorRemedy =
  /** Fetch fresh tokens, update the source once, and play. */
  | { readonly kind: 'renew' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'fail'; readonly error: GatecastError };

/** One refused fresh token may be a race; after two, fresh tokens do not help. */
const MAX_REFUSALS = 2;

/** Decides what to do about an error of the vendor's player. */
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

/** The error for refused fresh tokens, with the vendor's code. */
export function tokensRefused(vendorCode: number): GatecastError {
  return new GatecastError(
    'vendor-player-failed',
    `The vendor’s server refuses fresh tokens too (code ${vendorCode}).`,
    {
      hint: 'Check that the token’s stream, domain and tag match what the page plays, and that its key is the one in the vendor’s dashboard.',
      vendorCode,
    },
  );
}

/** The error for a failure that a fresh token does not solve. */
function vendorFailed(vendorCode: number | undefined, cause?: unknown): GatecastError {
  return new GatecastError(
    'vendor-player-failed',
    `The vendor’s player failed${vendorCode === undefined ? '' : ` (code ${vendorCode})`}.`,
    { hint: hintFor(vendorCode), retryable: isRetryable(vendorCode), vendorCode, cause },
  );
}

/** The error for a failed `setup`, which rejects with a vendor code or with a plain error. */
export function setupFailed(error: unknown): GatecastError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return vendorFailed(typeof code === 'number' ? code : undefined, error);
}

/** Errors of the stream (2xxx), media (3xxx) and network (4xxx) may pass; those of use (1xxx) and setup (5xxx) do not. */
function isRetryable(code: number | undefined): boolean {
  return code !== undefined && code >= 2000 && code < 5000;
}

const HINTS: ReadonlyMap<number, string> = new Map([
  [
    5004,
    'Set h5live.server.websocket and h5live.rtmp on each entry; plain HLS URLs play with engine="auto".',
  ],
  [5005, 'Set h5live.rtmp.url and h5live.rtmp.streamname on each entry.'],
  [5007, 'Set h5live.server.websocket on each entry.'],
]);

function hintFor(code: number | undefined): string {
  const hint = code === undefined ? undefined : HINTS.get(code);
  return hint ?? 'See the vendor’s list of error codes; diagnostics() lists the events before the failure.';
}
