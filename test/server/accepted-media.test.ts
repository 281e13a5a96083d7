import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createMediaWorld, readAnswer } from './support/media-world.js';

/** Name of the rendition in the response to a request with this `Accept`; `null` for a response without media. */
async function renditionFor(accept: string | null): Promise<string | null> {
  const response = await createMediaWorld().ask({ accept });
  if (response.headers.get('Content-Type') === 'application/json') return null;
  return (await readAnswer(response)).names[0]?.split('-')[0] ?? null;
}

describe('the field Accept of a token request', () => {
  // The low rendition has 400,000 bit/s, the high one 3,000,000.
  for (const [accept, rendition] of [
    ['multipart/mixed', 'low'],
    ['application/json, multipart/mixed', 'low'],
    ['application/json,\tMULTIPART/Mixed ; Bandwidth = 3000000 ,text/plain', 'high'],
    ['multipart/mixed;q=0.5;bandwidth=2999999', 'low'],
    ['multipart/mixed;q=0, multipart/mixed;q=1', 'low'],
    ['text/html;x="a\\",b;c", multipart/mixed;bandwidth=9000000', 'high'],
    ['multipart/mixed;bandwidth=1', 'low'],
    ['multipart/mixed;bandwidth=999999999999999', 'high'],
    ['multipart/mixed;bandwidth=9999999999999999', 'low'],
    ['multipart/mixed;bandwidth=-9000000', 'low'],
    ['multipart/mixed;bandwidth=9e9', 'low'],
    ['multipart/mixed;bandwidth', 'low'],
    ['multipart/mixed;q=no', 'low'],
  ] as const) {
    it(`gets the ${rendition} rendition with ${accept}`, async () => {
      assert.equal(await renditionFor(accept), rendition);
    });
  }

  for (const accept of [
    null,
    '',
    '*/*',
    'multipart/*',
    'application/json',
    'multipart/mixed;q=0',
    'multipart/mixed; Q=0.000',
    'multipart/mixedx',
    'text/html;x="multipart/mixed"',
    'text/html;x=", multipart/mixed',
    'x multipart/mixed',
  ]) {
    it(`gets no media with ${String(accept)}`, async () => assert.equal(await renditionFor(accept), null));
  }

  it('never costs the token, whatever it is', async () => {
    const { ask } = createMediaWorld();
    const pieces = fc.constantFrom(
      'multipart/mixed',
      ';',
      ',',
      '"',
      '\\',
      '=',
      'q',
      '0',
      '.',
      'bandwidth',
      '9',
      ' ',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(pieces), async (all) => {
        const response = await ask({ accept: all.join('') });
        assert.equal(response.status, 200);
        assert.match(await response.text(), /"tokens":/);
      }),
    );
  });

  it('is read in a time that is linear in its length', async () => {
    const { ask } = createMediaWorld();
    const fastestMs = async (accept: string) => {
      const times: number[] = [];
      for (let round = 0; round < 5; round += 1) {
        const startMs = performance.now();
        await (await ask({ accept })).body?.cancel();
        times.push(performance.now() - startMs);
      }
      return Math.min(...times);
    };
    for (const piece of ['"', '\\"', ';', ',', 'multipart/mixed;q=0,', ';=', '0.']) {
      const [one, eight] = [await fastestMs(piece.repeat(10_000)), await fastestMs(piece.repeat(80_000))];
      // A reader that is quadratic takes 64 times as long.
      assert.ok(eight < 20 * one + 50, `${piece}: ${one} ms and ${eight} ms`);
    }
  });
});
