import type { FetchedItem } from '../fetch-item.js';
import { fetchedToken } from './fetched-token.js';
import { readJson } from './read-json.js';

let renewal: Promise<Response> | undefined;

/** Requests at the same time share one renewal. */
function renewSession(): Promise<Response> {
  return (renewal ??= fetch('/session/renew', { method: 'POST' }).finally(() => (renewal = undefined)));
}

function ask(stream: string): Promise<Response> {
  return fetch('/my/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ streams: [stream] }),
  });
}

export async function fetchToken(stream: string): Promise<FetchedItem> {
  let response = await ask(stream);
  if (response.status === 401 && (await renewSession()).ok) response = await ask(stream);
  const { token } = await readJson<{ token: string }>(response);
  return fetchedToken(token);
}
