import type { FetchedItem } from '../fetch-item.js';
import { fetchedToken } from './fetched-token.js';
import { readJson } from './read-json.js';

const query = 'query ($stream: ID!) { playback(stream: $stream) { jwt } }';

export async function fetchToken(stream: string): Promise<FetchedItem> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables: { stream } }),
  });
  const { data } = await readJson<{ data: { playback: { jwt: string } } }>(response);
  return fetchedToken(data.playback.jwt);
}
