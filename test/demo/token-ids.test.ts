import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { createBackend } from '../../demo/backend/backend.js';

describe('the token endpoint of the demo', () => {
  it('gives each token an id, so that two tokens of the same second differ', async () => {
    const backend = await createBackend({ tokenTtlSeconds: 60 });
    const { origin, close } = await backend.listen();
    const ask = async (): Promise<unknown> => {
      const response = await fetch(`${origin}/api/tokens`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ purpose: 'playback', streams: ['demo'], reason: 'initial' }),
      });
      const { tokens } = (await response.json()) as { tokens: { token: string }[] };
      return decodeJwt(tokens[0]?.token ?? '').jti;
    };
    const [one, two] = [await ask(), await ask()];
    await close();
    assert.equal(typeof one, 'string');
    assert.notEqual(one, two);
  });
});
