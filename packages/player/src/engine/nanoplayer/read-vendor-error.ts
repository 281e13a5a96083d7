import type { GatecastError } from '@gatecast/token';
import { STOPPED_PAUSE } from './held-error.js';
import { classifyVendorCode } from './vendor-codes.js';
import { connectionsFail, notOnAir, tokenMissing, tokensRefused, vendorFailed } from './vendor-errors.js';

/** Version 4: the stream has stopped. Version 5 also reports the server's 4403, a refused token, with this code. */
const STOPPED = 2004;

export interface VendorErrorQuestion {
  readonly code: number;
  /** Major version of the vendor's player. */
  readonly majorVersion: number;
  /** Reason of the pause that came with the error; `null` when none has come. */
  readonly pauseReason: string | null;
  /** Has the player's token ended or nearly so, or is there a newer one? */
  readonly isTokenOld: boolean;
  /** Does the page say where tokens come from? @defaultValue true */
  readonly hasTokens?: boolean;
  /** Has the stream played? */
  readonly hasPlayed: boolean;
  /** Recent refusals before this one; each was answered with a fresh token. */
  readonly refusals: number;
}

export type VendorRemedy =
  /** The player plays on, or waits for a gesture of the viewer. */
  | { readonly kind: 'none' }
  /** Play again when the page is visible. */
  | { readonly kind: 'play-when-visible' }
  /** Fetch fresh tokens, update the source once, and play. */
  | { readonly kind: 'renew' }
  /** No connection: see `ConnectionFaults`. `error` is for the page if that does not pass. */
  | { readonly kind: 'reconnect'; readonly error: GatecastError }
  /** Play again with backoff. `error` is for the page if the fault does not pass. */
  | { readonly kind: 'replay'; readonly error: GatecastError }
  /** A live stream that has played has ended: play again with backoff, in case that it returns. */
  | { readonly kind: 'end' }
  /** Tell the page that the stream is not on air, and play again with backoff. */
  | { readonly kind: 'await-stream'; readonly error: GatecastError }
  | { readonly kind: 'fail'; readonly error: GatecastError };

/** One refused fresh token may be a race; after two, fresh tokens do not help. */
export const MAX_REFUSALS = 2;

/** Must the pause that follows be known, to say what this code means? */
export function isAmbiguous(code: number, majorVersion: number): boolean {
  return code === STOPPED && majorVersion >= 5;
}

/** Decides what to do about an error of the vendor's player. */
export function readVendorError(question: VendorErrorQuestion): VendorRemedy {
  const { code, hasPlayed, hasTokens = true, refusals } = question;
  const kind = isRefusedAsStopped(question) ? 'token' : classifyVendorCode(code);
  switch (kind) {
    case 'information':
    case 'gesture':
      return { kind: 'none' };
    case 'hidden':
      return { kind: 'play-when-visible' };
    case 'token':
      if (!hasTokens) return { kind: 'fail', error: tokenMissing(code) };
      return refusals < MAX_REFUSALS ? { kind: 'renew' } : { kind: 'fail', error: tokensRefused(code) };
    case 'handshake':
      return { kind: 'reconnect', error: connectionsFail(code) };
    case 'passing':
    case 'media':
      return { kind: 'replay', error: vendorFailed(code) };
    case 'off-air':
      return hasPlayed ? { kind: 'end' } : { kind: 'await-stream', error: notOnAir(code) };
    case 'final':
      return { kind: 'fail', error: vendorFailed(code) };
  }
}

/**
 * Does 2004 stand for a refused token? Not with the pause of a stopped stream. Without any pause, the age of the token
 * decides: a stopped stream is tried again with fresh tokens, so that the wrong answer corrects itself.
 */
function isRefusedAsStopped({ code, majorVersion, pauseReason, isTokenOld }: VendorErrorQuestion): boolean {
  if (!isAmbiguous(code, majorVersion) || pauseReason === STOPPED_PAUSE) return false;
  return pauseReason !== null || isTokenOld;
}
