import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { issuerTypes } from '@gatecast/server';
import { createBackend } from '../../../demo/backend/backend.js';
import { schemeTable } from '../../../demo/backend/schemes/scheme-table.js';
import { requestToken } from '../../../demo/lab/inspector/request-token.js';

const backend = await createBackend();
const ORIGIN = 'http://127.0.0.1:5173';

const request = (tokenUrl: string, fetch: typeof globalThis.fetch): Promise<string> =>
  requestToken({ tokenUrl, stream: 'demo', credentials: 'omit' }, fetch);

describe('a token that the inspector requests', () => {
  for (const row of schemeTable) {
    it(`can be read by the scheme of its issuer: ${row.label}`, async () => {
      const { type } = row.config(`${ORIGIN}/cdn/${row.name}`);
      const { scheme } = issuerTypes.find((each) => each.type === type) ?? {};
      const asked = request(`${ORIGIN}/api/schemes/${row.name}/tokens`, async (input, init) =>
        backend.fetch(new Request(input, init)),
      );
      // The first request for media may have it in its address.
      if (row.carriers.cookies && !row.renewsFirst) {
        await assert.rejects(asked, /^Error: The token is a cookie, which a page cannot read\./);
        return;
      }
      const text = await asked;
      // JWTs of this server have no scheme.
      if (!scheme) {
        assert.match(text, /^eyJ/);
        return;
      }
      const reading = scheme.inspect(text);
      assert.ok(reading, row.name);
      assert.ok((reading.expiresAt ?? 0) * 1000 > Date.now());
      assert.ok(reading.fields.length > 0);
    });
  }

  it('is missing with a reason, which has nothing of the answer', async () => {
    for (const [answer, words] of [
      [new Response('secret', { status: 503 }), 'The token endpoint returned status 503.'],
      [Response.json({ status: 'secret' }), 'The response of the token endpoint contains no token.'],
      [Response.json({ tokens: [null] }), 'The response of the token endpoint contains no token.'],
      [Response.json(null), 'The response of the token endpoint contains no token.'],
      [Response.error(), 'The token endpoint returned status 0.'],
    ] as const)
      await assert.rejects(
        request(`${ORIGIN}/x`, async () => answer),
        { message: words },
      );
    await assert.rejects(
      request(`${ORIGIN}/x`, () => Promise.reject(new TypeError('secret'))),
      { message: 'The token endpoint did not respond.' },
    );
  });
});
