/** What a page of the bench is told by the server, as JSON in the page. */
export interface BenchSettings {
  /** Playlist on the media origin. */
  readonly src: string;
  readonly stream: string;
  readonly tokenUrl: string;
  /** For the page that has its token from the start. */
  readonly token?: string;
  /** How often a page that knows no other way asks for a new token, in milliseconds. */
  readonly renewEveryMs?: number;
  /** Of the double of the vendor's media server, for the pages with its player. */
  readonly nanoSocket?: string;
}

export function readSettings(): BenchSettings {
  const text = document.querySelector('#settings')?.textContent ?? '{}';
  return JSON.parse(text) as BenchSettings;
}

/** Asks the token endpoint as a page without Gatecast would. */
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

/** The address with the token in its path, where the playlist's relative addresses inherit it. */
export function addressWithToken(src: string, token: string): string {
  const { origin, pathname } = new URL(src);
  return `${origin}/t/${token}${pathname}`;
}
