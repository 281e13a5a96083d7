import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDpopClient } from '../server/support/dpop-client.js';
import { problemOf, startBackend } from './support/running-backend.js';

const backend = await startBackend();
const [client, thief] = [await createDpopClient(), await createDpopClient()];
const url = `${backend.origin}/live/demo-low.m3u8`;

async function boundToken(purpose: string, stream: string): Promise<string> {
  const endpoint = `${backend.origin}/api/tokens`;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      DPoP: await client.prove({ method: 'POST', url: endpoint }),
    },
    body: JSON.stringify({ purpose, streams: [stream] }),
  });
  const { tokens } = (await response.json()) as { tokens: { token: string }[] };
  return tokens[0]?.token ?? '';
}

describe('the live origin of the demo', () => {
  it('accepts a bound token from the client with its key only', async () => {
    const token = await boundToken('playback', 'demo-low');
    const ask = (proof?: string) =>
      fetch(url, {
        headers: { Authorization: `DPoP ${token}`, ...(proof !== undefined && { DPoP: proof }) },
      });
    assert.equal((await ask(await client.prove({ url, token }))).status, 200);
    assert.equal(await problemOf(await ask(await thief.prove({ url, token }))), '401 dpop-proof-invalid');
    const refused = await ask();
    assert.match(refused.headers.get('WWW-Authenticate') ?? '', /^DPoP /);
    assert.equal(await problemOf(refused), '401 dpop-proof-missing');
    assert.equal(await problemOf(await backend.get('/live/demo-low.m3u8', token)), '401 dpop-proof-missing');
  });

  it('lets a page of another origin send proofs: the preflight may be cached for 600 s', async () => {
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        Origin: 'http://localhost:1234',
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'authorization,dpop',
      },
    });
    assert.match(preflight.headers.get('Access-Control-Allow-Headers') ?? '', /dpop/i);
    assert.equal(preflight.headers.get('Access-Control-Max-Age'), '600');
    const answer = await fetch(url, { headers: { Origin: 'http://localhost:1234' } });
    assert.match(answer.headers.get('Access-Control-Expose-Headers') ?? '', /WWW-Authenticate/);
  });
});

describe('the WHIP ingest of the demo', () => {
  it('accepts a bound token from the client with its key only', async () => {
    const token = await boundToken('ingest', 'cam');
    const whip = `${backend.origin}/whip/cam`;
    const publish = (headers: Record<string, string>) =>
      fetch(whip, {
        method: 'POST',
        headers: { 'Content-Type': 'application/sdp', ...headers },
        body: 'v=0\r\n',
      });
    const prove = (who: typeof client) => who.prove({ method: 'POST', url: whip, token });
    const bound = { Authorization: `DPoP ${token}` };
    // The token is accepted, and then the offer is read.
    const accepted = await publish({ ...bound, DPoP: await prove(client) });
    assert.equal(await problemOf(accepted), '400 invalid-offer');
    assert.equal(
      await problemOf(await publish({ ...bound, DPoP: await prove(thief) })),
      '401 dpop-proof-invalid',
    );
    assert.equal(
      await problemOf(await publish({ Authorization: `Bearer ${token}` })),
      '401 dpop-proof-missing',
    );
  });
});
