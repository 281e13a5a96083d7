/** Settings of a bench page, sent by the server as JSON in the page. */
export interface BenchSettings {
  /** Playlist on the media origin. */
  readonly src: string;
  readonly stream: string;
  readonly tokenUrl: string;
  /** For the page that has its token when it loads. */
  readonly token?: string;
  /** Interval at which a page without Gatecast renews its token, in milliseconds. */
  readonly renewEveryMs?: number;
  /** URL of the double of the vendor's media server, for pages with its player. */
  readonly nanoSocket?: string;
}

export function readSettings(): BenchSettings {
  const text = document.querySelector('#settings')?.textContent ?? '{}';
  return JSON.parse(text) as BenchSettings;
}

/** Fetches a token as a page without Gatecast does. */
export async function fetchToken({ tokenUrl, stream }: BenchSettings): Promise<string> {
  const response = await fetch(tokenUrl, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ purpose: 'playback', streams: [stream], reason: 'initial' }),
  });
  const { tokens } = (await response.json()) as { tokens: { token: string }[] };
  const [item] = tokens;
  if (!item) throw new Error('The token endpoint answered no token.');
  return item.token;
}

/** The URL with the token in its path, so that relative URLs in the playlist inherit it. */
export function addressWithToken(src: string, token: string): string {
  const { origin, pathname } = new URL(src);
  return `${origin}/t/${token}${pathname}`;
}

/** The URL with the token in its query, instead of the query that it has. */
export function addressWithQuery(url: string, token: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}?token=${token}`;
}
