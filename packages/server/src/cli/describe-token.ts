import { isNumericDate, looksLikeMilliseconds } from '@gatecast/contract';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { printable } from '../http/printable.js';
import type { SchemeReading } from '../issuer/issuer-type.js';

export interface TokenDescription {
  /** Header, claims and times, one per line. */
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
}

const WEEK_SECONDS = 604_800;
const TIME_CLAIMS = ['iat', 'nbf', 'exp'] as const;

/** Describes a JWT without verifying it. Returns `null` if the text is not a JWT. */
export function describeToken(
  token: string,
  expected: { audience: string; nowMs: number },
): TokenDescription | null {
  let header: Record<string, unknown>;
  let claims: Record<string, unknown>;
  try {
    header = { ...decodeProtectedHeader(token) };
    claims = decodeJwt(token);
  } catch {
    return null;
  }
  const times = TIME_CLAIMS.flatMap((name) => describeTime(name, claims[name], expected.nowMs));
  const lines = ['header', ...members(header), 'claims', ...members(claims), 'times', ...times];
  return { lines, warnings: [...headerWarnings(header), ...claimWarnings(claims, expected)] };
}

/** Describes what a scheme of a CDN reads in a token. */
export function describeReading(
  { scheme, fields, expiresAt, warnings }: SchemeReading,
  nowMs: number,
): TokenDescription {
  const end = expiresAt === null ? [] : describeTime('end', expiresAt, nowMs);
  return {
    lines: [
      'scheme',
      `  ${printable(scheme)}`,
      'fields',
      ...fields.map(({ name, value }) => `  ${printable(name)}: ${printable(value)}`),
      ...(end.length === 0 ? [] : ['times', ...end]),
    ],
    warnings: [
      ...warnings,
      ...(expiresAt !== null && expiresAt * 1000 <= nowMs ? ['the token has expired'] : []),
    ],
  };
}

function members(record: Record<string, unknown>): string[] {
  return Object.entries(record).map(([name, value]) => `  ${printable(name)}: ${JSON.stringify(value)}`);
}

function describeTime(name: string, value: unknown, nowMs: number): string[] {
  if (typeof value !== 'number') return [];
  const atMs = value * 1000;
  if (!isNumericDate(value)) return [`  ${name}: not a time in seconds`];
  return [`  ${name}: ${new Date(atMs).toISOString()}, ${inWords(atMs - nowMs)}`];
}

function inWords(differenceMs: number): string {
  const seconds = Math.round(Math.abs(differenceMs) / 1000);
  const units: [number, string][] = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ];
  const [size, unit] = units.find(([unitSize]) => seconds >= unitSize) ?? [1, 'second'];
  const count = Math.floor(seconds / size);
  const words = `${String(count)} ${unit}${count === 1 ? '' : 's'}`;
  return differenceMs < 0 ? `${words} ago` : `in ${words}`;
}

function headerWarnings({ alg, kid, typ }: Record<string, unknown>): string[] {
  return [
    ...(typeof alg === 'string' && alg.toLowerCase() === 'none'
      ? ['alg is "none": the token is not signed, and origins must refuse it']
      : []),
    ...(typeof alg === 'string' && alg.startsWith('HS')
      ? [`alg is ${printable(alg)}: origins that verify with public keys refuse shared-secret signatures`]
      : []),
    ...(kid === undefined ? ['kid is missing: an origin with several keys cannot select the right one'] : []),
    ...(typ === undefined ? ['typ is missing: set it to "JWT"'] : []),
  ];
}

function claimWarnings(
  claims: Record<string, unknown>,
  { audience, nowMs }: { audience: string; nowMs: number },
): string[] {
  const { exp, nbf, iat, aud, sub } = claims as Record<'exp' | 'nbf' | 'iat' | 'aud' | 'sub', unknown>;
  const inMilliseconds = Object.entries({ exp, nbf, iat }).filter(([, value]) =>
    looksLikeMilliseconds(value),
  );
  const warnings = inMilliseconds.map(([name]) => `${name} is in milliseconds: divide it by 1000`);
  const audiences = Array.isArray(aud) ? (aud as unknown[]) : [aud];
  if (!audiences.includes(audience)) warnings.push(`aud is not "${audience}"`);
  if (typeof sub !== 'string') warnings.push('sub is missing: it must name the stream');
  if (typeof exp !== 'number') return [...warnings, 'exp is missing: the token never expires'];
  if (looksLikeMilliseconds(exp)) return warnings;
  if (exp * 1000 <= nowMs) warnings.push('the token has expired');
  const startSeconds = isNumericDate(iat) ? iat : nowMs / 1000;
  if (exp - startSeconds > WEEK_SECONDS) warnings.push('the lifetime is longer than a week');
  if (isNumericDate(nbf) && nbf * 1000 > nowMs) warnings.push('the token is not valid yet');
  return warnings;
}
