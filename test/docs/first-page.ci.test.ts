import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateSigningKey } from '@gatecast/server';
import { runQuickStart } from './support/quick-start-program.js';

describe('the backend of the first page of the documentation', () => {
  it('issues a token for its stream, and refuses others', async () => {
    const environment = { SIGNING_KEY: (await generateSigningKey()).pem };
    const page = { page: 'index.md', backend: 'server.js', environment };
    const { address, close } = await runQuickStart(page, 'http://localhost:1');
    try {
      const ask = (stream: string): Promise<Response> =>
        fetch(address, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ purpose: 'playback', streams: [stream], reason: 'initial' }),
        });
      const allowed = await ask('demo');
      assert.equal(allowed.status, 200);
      assert.match(await allowed.text(), /"tokens":\[\{"stream":"demo","token":"/);
      assert.equal((await ask('other')).status, 403);
    } finally {
      await close();
    }
  });
});
