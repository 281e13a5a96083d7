import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describeInstant } from './describe-instant.js';

/** What `options` of an STS security object stand for, as `@gatecast/server` explains it. */
export type ExplainOptions = (options: string | number) => {
  readonly restrictions: readonly string[];
  readonly target: string;
  readonly unknownBits: number;
};

/** One line of what was found. */
export interface SecretRow {
  readonly name: string;
  readonly value: string;
  /** What it means; `''` where the value says it all. */
  readonly words: string;
}

export interface SecretPart {
  readonly title: string;
  readonly rows: readonly SecretRow[];
}

export type Inspection =
  | { readonly kind: 'empty' }
  | { readonly kind: 'unknown'; readonly words: string }
  | { readonly kind: 'jwt'; readonly jwt: string; readonly parts: readonly SecretPart[] }
  | { readonly kind: 'sts'; readonly parts: readonly SecretPart[] };

const claimWords: Readonly<Record<string, string>> = {
  iss: 'who issued it',
  sub: 'what it is for: the stream or the account',
  aud: 'who is to accept it',
  jti: 'its own number, by which it can be withdrawn',
  alg: 'how it is signed',
  kid: 'which of the issuer’s keys signed it',
  typ: 'what kind of token',
};
const timeClaims: Readonly<Record<string, string>> = { exp: 'ends', nbf: 'holds from', iat: 'was issued' };

/** Reads a pasted JWT, an address or header with one in it, or an STS security object. */
export function inspectSecret(text: string, nowMs: number, explain: ExplainOptions): Inspection {
  const pasted = text.trim();
  if (pasted === '') return { kind: 'empty' };
  const jwt = findJwt(pasted);
  if (jwt !== undefined) return inspectJwt(jwt, nowMs);
  const security = findSecurity(pasted);
  if (security) return inspectSecurity(security, nowMs, explain);
  return {
    kind: 'unknown',
    words: 'This is neither a JWT nor a security object with token, expires and options.',
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
        { title: 'In words', rows: [lifeRow(claims.iat, claims.exp, nowMs)] },
      ],
    };
  } catch {
    // The reason may quote the token.
    return { kind: 'unknown', words: 'It looks like a JWT, but its parts are no JSON: it may be cut off.' };
  }
}

type Security = Readonly<Record<string, unknown>>;

/** The object itself, or what holds it in a player's config, a token answer or a vendor's link. */
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
            words: 'a hash by the vendor: what is in it cannot be seen',
          },
          { name: 'options', value: show(options), words: explainSafely(options, explain) },
          ...rows.map((row) => (row.name === 'exp' ? { ...row, name: 'expires' } : row)),
        ],
      },
    ],
  };
}

const restrictionWords: Readonly<Record<string, string>> = {
  expires: 'until the time in expires',
  ip: 'from one IP address',
  referer: 'from one referring page',
  tag: 'with the tag given',
  orga: 'for the whole organisation',
};

function explainSafely(options: unknown, explain: ExplainOptions): string {
  if (typeof options !== 'string' && typeof options !== 'number') return 'missing';
  try {
    const { restrictions, target, unknownBits } = explain(options);
    const opens = target === 'orga' ? 'opens every stream of the organisation' : 'opens one stream';
    const bound = restrictions
      .filter((name) => name !== 'orga')
      .map((name) => restrictionWords[name] ?? name);
    const unknown = unknownBits === 0 ? '' : `; what ${unknownBits} of it means is not known`;
    return `${opens}; valid ${bound.length === 0 ? 'without limits' : `only ${bound.join(', ')}`}${unknown}`;
  } catch (error) {
    return error instanceof Error ? error.message : 'not to be understood';
  }
}

function toRow(name: string, value: unknown, nowMs: number): SecretRow {
  const time = timeClaims[name];
  if (time === undefined) return { name, value: show(value), words: claimWords[name] ?? '' };
  const seconds = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof seconds !== 'number') return { name, value: show(value), words: 'not a number of seconds' };
  // The year 5138 in seconds; nobody means that.
  if (seconds > 1e11) return { name, value: show(value), words: 'in milliseconds, where seconds are due' };
  return { name, value: show(value), words: `${time} ${describeInstant(seconds * 1000, nowMs)}` };
}

function lifeRow(iat: number | undefined, exp: number | undefined, nowMs: number): SecretRow {
  if (exp === undefined)
    return { name: 'life', value: 'without an end', words: 'it never expires by itself' };
  const value = iat === undefined ? 'since it is not known when' : `${exp - iat} s in all`;
  const words =
    exp * 1000 <= nowMs ? 'over: an origin has to refuse it' : 'still running, by this device’s clock';
  return { name: 'life', value, words };
}

function show(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? 'missing' : JSON.stringify(value);
}
