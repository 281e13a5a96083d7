/** What the page reads of an item of the token endpoint. Its scheme decides which member is there. */
export interface Item {
  readonly token: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly path: string;
  readonly url: string;
  /** NumericDate seconds by the clock of the server. */
  readonly expiresAt: number;
}

/** An item, and what the page knows of its life by its own clock, in milliseconds. */
export interface FetchedItem {
  readonly item: Item;
  readonly lifeMs: number;
  readonly endsAtMs: number;
}

export interface Endpoint {
  readonly tokenUrl: string;
  readonly stream: string;
  /** @defaultValue `same-origin`, as for `fetch` */
  readonly credentials?: RequestCredentials;
}

interface Answer {
  readonly tokens: readonly [Item];
  readonly serverTime: number;
}

/** Fetches the item of one stream. @throws Error when the endpoint refuses or fails. */
export async function fetchItem(endpoint: Endpoint, reason: string): Promise<FetchedItem> {
  const { tokenUrl, stream, credentials = 'same-origin' } = endpoint;
  const response = await fetch(tokenUrl, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ purpose: 'playback', streams: [stream], reason }),
    credentials,
  });
  if (!response.ok) throw new Error(`The token endpoint answered ${response.status}.`);
  const { tokens, serverTime } = (await response.json()) as Answer;
  const [item] = tokens;
  // The clock of the device may be wrong; the span between two times of the server is not.
  const lifeMs = (item.expiresAt - serverTime) * 1000;
  return { item, lifeMs, endsAtMs: Date.now() + lifeMs };
}
