import { isNumericDate, looksLikeMilliseconds } from '@gatecast/contract';
import { decodeJwt, decodeProtectedHeader } from 'jose';

export interface TokenDescription {
  /** Header, claims, times: for people. */
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
}

const WEEK_SECONDS = 604_800;
const TIME_CLAIMS = ['iat', 'nbf', 'exp'] as const;

/** Puts a JWT into words without verifying it; `null` when it is none. */
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

function members(record: Record<string, unknown>): string[] {
  return Object.entries(record).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`);
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
      ? ['alg is "none": it is not signed, and no origin may take it']
      : []),
    ...(typeof alg === 'string' && alg.startsWith('HS')
      ? [`alg is ${alg}: origins with public keys do not take shared secrets`]
      : []),
    ...(kid === undefined ? ['there is no kid: origins with several keys cannot find the right one'] : []),
    ...(typ === undefined ? ['there is no typ: "JWT" is due'] : []),
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
  if (typeof sub !== 'string') warnings.push('there is no sub: it names the stream');
  if (typeof exp !== 'number') return [...warnings, 'there is no exp: it never ends'];
  if (looksLikeMilliseconds(exp)) return warnings;
  if (exp * 1000 <= nowMs) warnings.push('it has expired');
  const startSeconds = isNumericDate(iat) ? iat : nowMs / 1000;
  if (exp - startSeconds > WEEK_SECONDS) warnings.push('it lives longer than a week');
  if (isNumericDate(nbf) && nbf * 1000 > nowMs) warnings.push('it is not valid yet');
  return warnings;
}
