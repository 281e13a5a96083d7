import { decodeJwt } from 'jose/jwt/decode';
import { GatecastError } from '../errors.js';

/** An STS security object of the vendor, all strings, or the `{ jwtoken }` form of the same. */
export interface SecurityObject {
  readonly token?: string;
  readonly expires?: string;
  readonly tag?: string;
  readonly options?: string;
  readonly jwtoken?: string;
}

/** What an origin or a vendor's client is shown: a JWT or opaque string, or a security object. */
export type TokenValue = string | SecurityObject;

/** A token in hand. Instants are milliseconds since the epoch by the server's clock. */
export interface Token {
  readonly stream: string;
  /** Rises with every new value, so that a refusal can name the token it is about without showing it. */
  readonly version: number;
  readonly value: TokenValue;
  readonly receivedAtMs: number;
  /** `null`: its end is unknown, so it is renewed only when an origin refuses it. */
  readonly expiresAtMs: number | null;
  readonly notBeforeMs: number | null;
  readonly issuedAtMs: number | null;
}

/** Times read from a token and its envelope, in milliseconds since the epoch; `null` where there is none. */
export type TokenTimes = Pick<Token, 'expiresAtMs' | 'notBeforeMs' | 'issuedAtMs'>;

/** NumericDate for the year 5138: whatever is larger was meant in milliseconds. */
const LARGEST_SECONDS = 1e11;

/**
 * Reads a NumericDate (RFC 7519 section 2) as milliseconds since the epoch.
 *
 * @throws GatecastError `token-time-unit` for a value in milliseconds, `token-response-invalid` for anything that is
 *   no number of seconds.
 */
export function numericDateToMs(value: unknown, name: string): number | null {
  // The vendor's optional fields are empty strings where there is nothing to say.
  if (value === undefined || value === null || value === '') return null;
  const seconds = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0) {
    throw new GatecastError('token-response-invalid', `"${name}" is not a number of seconds.`, {
      hint: `Send "${name}" as NumericDate: seconds since 1970, as a number.`,
    });
  }
  if (seconds > LARGEST_SECONDS) {
    throw new GatecastError('token-time-unit', `"${name}" looks like milliseconds; seconds are due.`, {
      hint: `Divide "${name}" by 1000 where the token is made.`,
    });
  }
  return seconds * 1000;
}

/** The secret part of a value that is a JWT by its look, else `null`. */
function jwtOf(value: TokenValue): string | null {
  const text = typeof value === 'string' ? value : value.jwtoken;
  return text?.startsWith('eyJ') && text.split('.').length === 3 ? text : null;
}

/**
 * Reads when a token begins and ends: the claims of a JWT, `expires` of a security object, and what its envelope says;
 * where they differ, the earlier end counts.
 *
 * @throws GatecastError `token-time-unit`, `token-response-invalid`
 */
export function readTokenTimes(value: TokenValue, expiresAt: unknown): TokenTimes {
  const ends = [
    numericDateToMs(expiresAt, 'expiresAt'),
    typeof value === 'string' ? null : numericDateToMs(value.expires, 'security.expires'),
  ];
  let notBeforeMs: number | null = null;
  let issuedAtMs: number | null = null;
  const jwt = jwtOf(value);
  if (jwt !== null) {
    const claims = readClaims(jwt);
    ends.push(numericDateToMs(claims['exp'], 'exp'));
    notBeforeMs = numericDateToMs(claims['nbf'], 'nbf');
    issuedAtMs = numericDateToMs(claims['iat'], 'iat');
  }
  const known = ends.filter((endMs) => endMs !== null);
  return { expiresAtMs: known.length > 0 ? Math.min(...known) : null, notBeforeMs, issuedAtMs };
}

function readClaims(jwt: string): Record<string, unknown> {
  try {
    return decodeJwt(jwt);
  } catch {
    // The parser's error may quote the token, so it is not kept as the cause.
    throw new GatecastError('token-response-invalid', 'The token looks like a JWT but cannot be decoded.', {
      hint: 'Check that the backend returns the compact JWT unchanged and whole.',
    });
  }
}

/** Are the two the same secret? */
export function isSameValue(a: TokenValue, b: TokenValue): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  const [fieldsOfA, fieldsOfB] = [a, b].map((value) => JSON.stringify(Object.entries(value).sort()));
  return fieldsOfA === fieldsOfB;
}
