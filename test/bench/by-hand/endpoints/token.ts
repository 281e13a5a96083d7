import type { FetchedItem } from '../fetch-item.js';
import { fetchedToken } from './fetched-token.js';
import { readJson } from './read-json.js';

export async function fetchToken(stream: string): Promise<FetchedItem> {
  const response = await fetch('/my/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ streams: [stream] }),
  });
  const { token } = await readJson<{ token: string }>(response);
  return fetchedToken(token);
}
