import { backendOrigin } from '../../support/backend.js';

/** Asks the demo's token endpoint for a token, as a page with its own token function would. */
export async function mintToken(stream: string): Promise<string> {
  const response = await fetch(`${backendOrigin()}/api/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ purpose: 'playback', streams: [stream], reason: 'manual' }),
  });
  const { tokens } = (await response.json()) as { tokens: { token: string }[] };
  const [minted] = tokens;
  if (!minted) throw new Error(`The token endpoint gave no token for ${stream}.`);
  return minted.token;
}
