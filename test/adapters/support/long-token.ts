import { backendOrigin, setFaults } from '../../support/backend.js';

/** A token that lasts longer than a test. Sets the lifetime of later tokens, too. */
export async function longToken(stream: string): Promise<string> {
  await setFaults({ tokens: { ttlSeconds: 600 } });
  const response = await fetch(`${backendOrigin()}/api/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ purpose: 'playback', streams: [stream], reason: 'initial' }),
  });
  const { tokens } = (await response.json()) as { tokens: { token: string }[] };
  return tokens[0]?.token ?? '';
}
