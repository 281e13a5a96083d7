import type { FetchedItem } from '../fetch-item.js';
import { fetchedToken } from './fetched-token.js';
import { readJson } from './read-json.js';

export async function fetchToken(stream: string): Promise<FetchedItem> {
  const response = await fetch(`/my/token?stream=${encodeURIComponent(stream)}`, { cache: 'no-store' });
  const { token } = await readJson<{ token: string }>(response);
  return fetchedToken(token);
}
