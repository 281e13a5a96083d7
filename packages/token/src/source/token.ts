import {
  isNumericDate,
  looksLikeMilliseconds,
  isRenewedByOrigin,
  jwtClaims,
  ownEnds,
  type PartedToken,
  type TokenPart,
  type TokenValue,
} from '@gatecast/contract';
import { GatecastError } from '../errors.js';
import { rememberField, rememberSecret } from '../known-secrets.js';

/** A token and its times. Instants are milliseconds since the epoch by the server's clock. */
export interface Token extends TokenTimes {
  readonly stream: string;
  /** Increases with each new token, so that a refusal can name the token without containing it. */
  readonly version: number;
  readonly value: TokenValue;
  readonly receivedAtMs: number;
}

/** What a token and its envelope say about its life. Instants are milliseconds since the epoch; `null` where there is none. */
export interface TokenTimes {
  /** `null` when unknown: the token is then renewed only after an origin refuses it. */
  readonly expiresAtMs: number | null;
  readonly notBeforeMs: number | null;
  readonly issuedAtMs: number | null;
  /** Does the media origin renew it with its responses? The backend is then asked only if that fails. @defaultValue false */
  readonly isRenewedByOrigin?: boolean;
}

/**
 * Reads a NumericDate (RFC 7519 section 2) as milliseconds since the epoch; `null` where there is none.
 *
 * @throws GatecastError `token-time-unit` for a value in milliseconds, `token-response-invalid` for a value that is not
 *   a number of seconds.
 */
export function numericDateToMs(value: unknown, name: string): number | null {
  // The vendor sends optional fields without a value as empty strings.
  if (value === undefined || value === null || value === '') return null;
  const seconds = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (isNumericDate(seconds)) return seconds * 1000;
  if (looksLikeMilliseconds(seconds)) {
    throw new GatecastError('token-time-unit', `"${name}" is in milliseconds, not in seconds.`, {
      hint: `Divide "${name}" by 1000 in your backend.`,
    });
  }
  throw new GatecastError('token-response-invalid', `"${name}" is not a number of seconds.`, {
    hint: 'Send seconds since 1970, for "expires_in" from now.',
  });
}

/** The JWT of a value, or `null` if the value does not look like one. */
function jwtOf(value: TokenValue): string | null {
  const text = typeof value === 'string' ? value : 'parts' in value ? undefined : value.jwtoken;
  return text?.startsWith('eyJ') && text.split('.').length === 3 ? text : null;
}

/**
 * Reads a token's times from the claims of a JWT, `expires` of a security object, the end in the fields of a CDN's scheme, and
 * `expiresAt` of the response. If they disagree about the expiry, the earliest counts.
 *
 * @throws GatecastError `token-time-unit`, `token-response-invalid`
 */
export function readTokenTimes(value: TokenValue, expiresAt: unknown): TokenTimes {
  const end = numericDateToMs(expiresAt, 'expiresAt');
  if (typeof value === 'object' && 'parts' in value) return timesOfParts(value, end);
  const ends = [
    end,
    ...(typeof value === 'string'
      ? ownEnds({ token: value }).map((seconds) => seconds * 1000)
      : [numericDateToMs(value.expires, 'security.expires')]),
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
  const isRenewed = typeof value === 'string' && isRenewedByOrigin({ token: value });
  return { expiresAtMs: earliest(ends), notBeforeMs, issuedAtMs, isRenewedByOrigin: isRenewed };
}

/** A token of several parts can be used from the start of the last to the end of the first. */
function timesOfParts({ parts }: PartedToken, endMs: number | null): TokenTimes {
  const values = parts.flatMap(({ token, security }) => security ?? token ?? []);
  const times = values.map((value) => readTokenTimes(value, undefined));
  const ends = [
    endMs,
    ...times.map(({ expiresAtMs }) => expiresAtMs),
    ...parts.flatMap(ownEnds).map((seconds) => seconds * 1000),
  ];
  const starts = times.flatMap(({ notBeforeMs }) => notBeforeMs ?? []);
  const isRenewed = parts.some(isRenewedByOrigin);
  // A renewed cookie cannot be seen here. It is used until it is refused.
  const isHidden = isRenewed && parts.some(({ cookie }) => cookie);
  return {
    expiresAtMs: isHidden ? endMs : earliest(ends),
    isRenewedByOrigin: isRenewed,
    notBeforeMs: starts.length > 0 ? Math.max(...starts) : null,
    issuedAtMs: times.find(({ issuedAtMs }) => issuedAtMs !== null)?.issuedAtMs ?? null,
  };
}

/** The earliest of the known times. */
export function earliest(ends: readonly (number | null)[]): number | null {
  const known = ends.filter((endMs) => endMs !== null);
  return known.length > 0 ? Math.min(...known) : null;
}

function readClaims(jwt: string): Readonly<Record<string, unknown>> {
  const claims = jwtClaims(jwt);
  if (claims) return claims;
  throw new GatecastError('token-response-invalid', 'The token looks like a JWT but cannot be decoded.', {
    hint: 'Return the complete compact JWT, unchanged.',
  });
}

/** Remembers the secrets of a value, so that no text shows them. @param lifeMs - milliseconds until its expiry, if known */
export function rememberToken(value: TokenValue, lifeMs?: number): void {
  if (typeof value === 'object' && 'parts' in value) {
    for (const part of value.parts) rememberPart(part, lifeMs);
    return;
  }
  for (const secret of typeof value === 'string' ? [value] : [value.token, value.jwtoken])
    // The value after a scheme such as `Basic` is secret without it, too.
    if (secret)
      for (const part of new Set([secret, secret.replace(/^\S+ /, '')])) rememberSecret(part, lifeMs);
}

function rememberPart({ token, security, query = {}, headers = {}, path, url }: TokenPart, lifeMs?: number) {
  const value = security ?? token;
  if (value !== undefined) rememberToken(value, lifeMs);
  if (path !== undefined) rememberSecret(path.replace(/^\/|\/$/g, ''), lifeMs);
  const search = url === undefined ? '' : url.replace(/^[^?#]*/, '');
  const fields = search.split(/[?&#]/).map((pair) => pair.slice(pair.indexOf('=') + 1));
  for (const field of [...Object.values(query), ...fields]) rememberField(field, lifeMs);
  for (const header of Object.values(headers)) rememberField(header.replace(/^\S+ /, ''), lifeMs);
}

/** Do both contain the same token? */
export function isSameValue(a: TokenValue, b: TokenValue): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  const [fieldsOfA, fieldsOfB] = [a, b].map((value) => JSON.stringify(Object.entries(value).sort()));
  return fieldsOfA === fieldsOfB;
}
