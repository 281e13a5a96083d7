/** Where a player gets its tokens. */
export interface TokenPlace {
  /** Absolute URL of the token endpoint. */
  readonly tokenUrl: string;
  readonly stream: string;
  readonly credentials: RequestCredentials;
}

/** What carries a token to the media origin. */
interface Carriers {
  readonly url?: unknown;
  readonly query?: unknown;
  readonly path?: unknown;
  readonly headers?: unknown;
  readonly token?: unknown;
  readonly security?: unknown;
  readonly cookie?: unknown;
}

/**
 * Requests a token as the player does, and returns what carries it, as one would paste it: an address, a query, a path, the
 * value of a header, a token or a security object.
 *
 * @throws Error why there is none. The message has no token.
 */
export async function requestToken(
  { tokenUrl, stream, credentials }: TokenPlace,
  fetch: typeof globalThis.fetch,
): Promise<string> {
  const response = await fetch(tokenUrl, {
    method: 'POST',
    credentials,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ purpose: 'playback', streams: [stream], reason: 'manual' }),
  }).catch(() => null);
  if (response === null) throw new Error('The token endpoint did not respond.');
  if (!response.ok) throw new Error(`The token endpoint returned status ${response.status}.`);
  const text = await response.text();
  const carried = textOf(itemOf(text));
  if (carried !== null) return carried;
  throw new Error('The response of the token endpoint contains no token.');
}

function itemOf(text: string): Carriers {
  try {
    const body = JSON.parse(text) as (Carriers & { readonly tokens?: readonly (Carriers | null)[] }) | null;
    return body?.tokens?.[0] ?? body ?? {};
  } catch {
    return { token: text };
  }
}

function textOf({ url, query, path, headers, token, security, cookie }: Carriers): string | null {
  if (typeof url === 'string') return url;
  if (isFields(query))
    return `?${Object.entries(query)
      .map(([name, value]) => `${name}=${value}`)
      .join('&')}`;
  if (typeof path === 'string') return path;
  if (isFields(headers)) return Object.values(headers).join(' ');
  if (typeof token === 'string') return token;
  if (isFields(security)) return JSON.stringify(security);
  if (cookie === true)
    throw new Error(
      'The token is a cookie, which a page cannot read. Paste its value from the browser’s developer tools.',
    );
  return null;
}

function isFields(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
