import type { FetchedItem } from '../fetch-item.js';
import { fetchedToken } from './fetched-token.js';

export async function fetchToken(stream: string): Promise<FetchedItem> {
  const response = await fetch(`/streams/${encodeURIComponent(stream)}/token`, { cache: 'no-store' });
  if (!response.ok) throw new Error(`The token endpoint answered ${response.status}.`);
  return fetchedToken(await response.text());
}
