/** Parts of an address that may be a JWT. */
const MOST_PARTS = 40;

/** Claims with times, in NumericDate seconds. */
export interface TokenTimes {
  readonly exp: number | null;
  readonly nbf: number | null;
  readonly iat: number | null;
}

/** The times in a JWT; `null` for any other text. Its signature is not verified. */
export function timesOf(token: string): TokenTimes | null {
  const [, payload] = /^eyJ[\w-]+\.([\w-]+)\./.exec(token) ?? [];
  if (payload === undefined || token.length > 16_384) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    if (typeof claims !== 'object' || claims === null) return null;
    const named = new Map<string, unknown>(Object.entries(claims));
    const time = (name: string) => {
      const value = named.get(name);
      // Examples of Cloudflare Stream write exp as a string.
      const seconds = typeof value === 'string' && /^\d{1,11}$/.test(value) ? Number(value) : value;
      return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds : null;
    };
    return { exp: time('exp'), nbf: time('nbf'), iat: time('iat') };
  } catch {
    return null;
  }
}

/**
 * Names of fields with what opens a stream; `h` and `secure` are the hash of some CDNs. Others may have the id or the JWT of a
 * session, which the origin does not check; so may `s`.
 */
const OPENING = /token|jwt|auth|sig|policy|key|hash|hmac|md5|verify|ticket|hdn|^secure$|cat$|^st$|^h$/i;

/** Parts of an address that may be a token: values of the query by their names, and what is between slashes. */
export function partsOfAddress(url: string): string[] {
  const { pathname, searchParams } = new URL(url);
  const values = Array.from(searchParams, ([name, value]) => (OPENING.test(name) ? value : ''));
  return [...values, ...pathname.split('/')].filter(Boolean).slice(0, MOST_PARTS);
}

/** Says that a token in an address has ended; `null` if none has. */
export function describeEnd(url: string, originNowMs: number): string | null {
  for (const part of partsOfAddress(url)) {
    const exp = timesOf(part)?.exp ?? null;
    const agoS = exp === null ? 0 : Math.floor(originNowMs / 1000 - exp);
    if (agoS > 0) return `The token in the address ended ${String(agoS)} s ago (exp).`;
  }
  return null;
}
