import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describeInstant } from './describe-instant.js';
import { describeSchemeToken, type SchemeReading } from './describe-scheme-token.js';
import type { SecretPart, SecretRow } from './secret-part.js';

/** Decodes `options` of an STS security object, as `@gatecast/server` does. */
export type ExplainOptions = (options: string | number) => {
  readonly restrictions: readonly string[];
  readonly target: string;
  readonly unknownBits: number;
};

export type Inspection =
  | { readonly kind: 'empty' }
  | { readonly kind: 'unknown'; readonly words: string }
  | { readonly kind: 'jwt'; readonly jwt: string; readonly parts: readonly SecretPart[] }
  | { readonly kind: 'scheme'; readonly parts: readonly SecretPart[] }
  | { readonly kind: 'sts'; readonly parts: readonly SecretPart[] };

const claimWords: ReadonlyMap<string, string> = new Map(
  Object.entries({
    iss: 'issuer',
    sub: 'subject: the stream or the account',
    aud: 'audience: the services that accept it',
    jti: 'unique id, used to revoke the token',
    alg: 'signature algorithm',
    kid: 'id of the signing key',
    typ: 'token type',
  }),
);
const timeClaims: ReadonlyMap<string, string> = new Map(
  Object.entries({ exp: 'expires', nbf: 'valid from', iat: 'issued' }),
);

/** How to read and show a value, as `@gatecast/server` does. */
export interface SecretTools {
  readonly explain: ExplainOptions;
  /** What the schemes of CDNs read in a text. */
  readonly readSchemes: (text: string) => readonly SchemeReading[];
  /** Escapes what is not printable: a claim could otherwise show its own text in another order. */
  readonly printable: (text: string) => string;
}

/**
 * Decodes a pasted JWT, a URL or header that contains one, what carries the token of a CDN (an address, a query, a path, a cookie),
 * or an STS security object.
 */
export function inspectSecret(text: string, nowMs: number, tools: SecretTools): Inspection {
  const inspection = inspect(text, nowMs, tools);
  if (!('parts' in inspection)) return inspection;
  const { printable } = tools;
  const parts = inspection.parts.map(({ title, rows }) => ({
    title,
    rows: rows.map(({ name, value, words }) => ({
      name: printable(name),
      value: printable(value),
      words: printable(words),
    })),
  }));
  return { ...inspection, parts };
}

function inspect(text: string, nowMs: number, { explain, readSchemes }: SecretTools): Inspection {
  const pasted = text.trim();
  if (pasted === '') return { kind: 'empty' };
  const jwt = findJwt(pasted);
  // Of a JWT alone it is not known which CDN it is for.
  const readings = jwt === pasted ? [] : readSchemes(pasted);
  const ofSchemes = describeSchemeToken(readings, nowMs);
  if (jwt !== undefined) {
    const inspection = inspectJwt(jwt, nowMs);
    return inspection.kind === 'jwt'
      ? { ...inspection, parts: [...inspection.parts, ...ofSchemes] }
      : inspection;
  }
  if (ofSchemes.length > 0) return { kind: 'scheme', parts: ofSchemes };
  const security = findSecurity(pasted);
  if (security) return inspectSecurity(security, nowMs, explain);
  return {
    kind: 'unknown',
    words: 'Not a JWT, a token of a known CDN, or a security object with token, expires and options.',
  };
}

function findJwt(text: string): string | undefined {
  return /eyJ[\w-]+\.[\w-]+\.[\w-]*/.exec(text)?.[0];
}

function inspectJwt(jwt: string, nowMs: number): Inspection {
  try {
    const header = decodeProtectedHeader(jwt);
    const claims = decodeJwt(jwt);
    return {
      kind: 'jwt',
      jwt,
      parts: [
        { title: 'Header', rows: Object.entries(header).map(([name, value]) => toRow(name, value, nowMs)) },
        { title: 'Claims', rows: Object.entries(claims).map(([name, value]) => toRow(name, value, nowMs)) },
        { title: 'Lifetime', rows: [lifeRow(claims.iat, claims.exp, nowMs)] },
      ],
    };
  } catch {
    // Do not show the error message: it may contain the token.
    return {
      kind: 'unknown',
      words: 'This looks like a JWT, but its parts are not JSON. It may be truncated.',
    };
  }
}

type Security = Readonly<Record<string, unknown>>;

/** Finds a security object, also in a player config, a token response or a vendor link. */
function findSecurity(text: string): Security | undefined {
  const value = parseJson(text) ?? fromParameters(text);
  return value === undefined ? undefined : dig(value);
}

function dig(value: unknown): Security | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const record = value as Security;
  if ('options' in record && ('token' in record || 'expires' in record)) return record;
  for (const inner of Object.values(record)) {
    const found = dig(inner);
    if (found) return found;
  }
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fromParameters(text: string): Security | undefined {
  const prefix = 'h5live.security.';
  const parameters = [...new URLSearchParams(text.slice(text.indexOf('?') + 1))];
  const pairs = parameters.filter(([name]) => name.startsWith(prefix));
  return pairs.length === 0
    ? undefined
    : Object.fromEntries(pairs.map(([name, value]) => [name.slice(prefix.length), value]));
}

function inspectSecurity(security: Security, nowMs: number, explain: ExplainOptions): Inspection {
  const { token, options, ...others } = security;
  const rows = Object.entries(others).map(([name, value]) =>
    toRow(name === 'expires' ? 'exp' : name, value, nowMs),
  );
  return {
    kind: 'sts',
    parts: [
      {
        title: 'Security object',
        rows: [
          {
            name: 'token',
            value: typeof token === 'string' ? `${token.length} characters` : 'missing',
            words: 'a hash from the vendor; its content cannot be decoded',
          },
          { name: 'options', value: show(options), words: explainSafely(options, explain) },
          ...rows.map((row) => (row.name === 'exp' ? { ...row, name: 'expires' } : row)),
        ],
      },
    ],
  };
}

const restrictionWords: ReadonlyMap<string, string> = new Map(
  Object.entries({
    expires: 'until the time in expires',
    ip: 'from one IP address',
    referer: 'from one referring page',
    tag: 'with the given tag',
    orga: 'for the whole organisation',
  }),
);

function explainSafely(options: unknown, explain: ExplainOptions): string {
  if (typeof options !== 'string' && typeof options !== 'number') return 'missing';
  try {
    const { restrictions, target, unknownBits } = explain(options);
    const opens = target === 'orga' ? 'allows every stream of the organisation' : 'allows one stream';
    const bound = restrictions
      .filter((name) => name !== 'orga')
      .map((name) => restrictionWords.get(name) ?? name);
    const unknown = unknownBits === 0 ? '' : `; unknown bits: ${unknownBits}`;
    return `${opens}; valid ${bound.length === 0 ? 'without limits' : `only ${bound.join(', ')}`}${unknown}`;
  } catch (error) {
    return error instanceof Error ? error.message : 'cannot be decoded';
  }
}

function toRow(name: string, value: unknown, nowMs: number): SecretRow {
  const time = timeClaims.get(name);
  if (time === undefined) return { name, value: show(value), words: claimWords.get(name) ?? '' };
  const seconds = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof seconds !== 'number') return { name, value: show(value), words: 'not a number of seconds' };
  // The year 5138 in seconds.
  if (seconds > 1e11) return { name, value: show(value), words: 'in milliseconds; must be in seconds' };
  const verb = name === 'exp' && seconds * 1000 <= nowMs ? 'expired' : time;
  return { name, value: show(value), words: `${verb} ${describeInstant(seconds * 1000, nowMs)}` };
}

function lifeRow(iat: number | undefined, exp: number | undefined, nowMs: number): SecretRow {
  if (exp === undefined)
    return { name: 'lifetime', value: 'unlimited', words: 'has no exp, so it does not expire' };
  const value = iat === undefined ? 'unknown: the token has no iat' : `${exp - iat} s`;
  const words =
    exp * 1000 <= nowMs ? 'expired; an origin must refuse it' : 'not expired, by this device’s clock';
  return { name: 'lifetime', value, words };
}

function show(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? 'missing' : JSON.stringify(value);
}
