import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createBackend } from '../../demo/backend/backend.js';
import { schemeTable } from '../../demo/backend/schemes/scheme-table.js';
import { referenceCheck } from '../doubles/reference-checks/reference-check.js';
import { readAnswer } from '../server/support/media-world.js';

const ORIGIN = 'http://127.0.0.1:5173';
const backend = await createBackend({ schemeCheck: referenceCheck });

function ask(scheme: string, stream: string): Promise<Response> {
  return Promise.resolve(
    backend.fetch(
      new Request(`${ORIGIN}/api/schemes/${scheme}/tokens?bootstrap=media`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json, multipart/mixed' },
        body: JSON.stringify({ purpose: 'playback', streams: [stream], reason: 'initial' }),
      }),
    ),
  );
}

/** Schemes without playlists in the answer, so that nothing is known of a segment, and why. */
const without: ReadonlyMap<string, string> = new Map([
  ['uri-signing-cookie', 'the origin gives the cookie to the browser, and the backend never has it'],
  ['jwt-header', 'only the page knows that the token goes into a header'],
]);

describe('first media in the answer of a scheme', () => {
  for (const { name } of schemeTable.filter((row) => !without.has(row.name))) {
    it(`come from the strict origin with the token of ${name}`, async () => {
      const response = await ask(name, 'demo-silent');
      assert.equal(response.status, 200);
      const { json, parts } = await readAnswer(response);
      const addresses = parts.map(({ headers }) => headers.get('Content-Location') ?? '');
      assert.deepEqual(
        json.media,
        addresses.map((url) => ({ url })),
      );
      const [init, segment] = addresses.map((url) => new URL(url).pathname.split('/').at(-1) ?? '');
      assert.equal(init, 'init.mp4');
      assert.match(segment ?? '', /^\d+\.m4s$/);
      assert.deepEqual(
        parts.map(({ isWhole, bytes }) => isWhole && bytes.toString('latin1', 4, 8)),
        ['ftyp', 'moof'],
      );
    });
  }

  for (const [name, why] of without) {
    it(`are missing with ${name}: ${why}`, async () => {
      const response = await ask(name, 'demo-silent');
      assert.equal(response.headers.get('Content-Type'), 'application/json');
      const { playlists, media } = (await response.json()) as { playlists?: object; media?: object };
      assert.deepEqual([playlists, media], [undefined, undefined]);
    });
  }

  it('are missing for a stream with separate audio, where the engine chooses', async () => {
    const response = await ask('cloudfront', 'demo');
    assert.equal(response.headers.get('Content-Type'), 'application/json');
  });
});
