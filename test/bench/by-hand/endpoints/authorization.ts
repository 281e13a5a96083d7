import type { FetchedItem } from '../fetch-item.js';
import { fetchedToken } from './fetched-token.js';
import { readJson } from './read-json.js';

/** A function of the page's sign-in, which it has in any case. */
declare function getSession(): Promise<string>;

export async function fetchToken(stream: string): Promise<FetchedItem> {
  const response = await fetch('/my/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${await getSession()}` },
    body: JSON.stringify({ streams: [stream] }),
  });
  const { token } = await readJson<{ token: string }>(response);
  return fetchedToken(token);
}
