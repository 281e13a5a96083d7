import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MediaResult, Metrics } from '@gatecast/server';
import { createPrometheusMetrics } from '@gatecast/server/node';
import {
  bytesOf,
  createMediaWorld,
  mediaPlaylist,
  mediaResponse,
  readAnswer,
  settle,
  withLength,
  type AskOptions,
  type MediaWorldOptions,
} from './support/media-world.js';

interface Recorded {
  readonly result: MediaResult;
  readonly bytes: number;
}

function createRecordedWorld({ handler, ...options }: MediaWorldOptions = {}) {
  const recorded: Recorded[] = [];
  const drop = (): void => undefined;
  const metrics: Metrics = {
    ...{ answered: drop, refused: drop, minted: drop, vendorFailed: drop },
    mediaAnswered: (result, bytes) => recorded.push({ result, bytes }),
  };
  const world = createMediaWorld({ ...options, handler: { ...handler, metrics } });
  const read = async (given?: AskOptions) => (await world.ask(given)).arrayBuffer();
  return { ...world, recorded, read };
}

const patient = { firstByteMs: 60_000, timeoutMs: 60_000, sendMs: 60_000 };
const ALL_BYTES = bytesOf('low-init.mp4').length + bytesOf('low-4.m4s').length;
const atMost = (maxBytes: number) => ({ ...patient, maxBytes });
const withRange = () =>
  mediaPlaylist('low').replace('#EXTINF:2,\nlow-4', '#EXT-X-BYTERANGE:50@0\n#EXTINF:2,\nlow-4');

describe('the metric of media in first responses', () => {
  it('counts the bytes that were sent, and whether they were requested for the viewer', async () => {
    const { read, recorded } = createRecordedWorld();
    // Of the first two users each loads with an own token.
    for (const user of ['a', 'b', 'c']) await read({ viewer: { user } });
    assert.deepEqual(recorded, [
      { result: 'sent', bytes: ALL_BYTES },
      { result: 'sent', bytes: ALL_BYTES },
      { result: 'shared', bytes: ALL_BYTES },
    ]);
  });

  const cases: readonly (readonly [string, MediaResult, number, MediaWorldOptions, AskOptions?])[] = [
    ['the client wants JSON', 'not-accepted', 0, {}, { accept: 'application/json' }],
    ['it asks for two streams', 'no-playlist', 0, {}, { streams: ['demo', 'low'] }],
    ['the playlist is empty', 'no-segment', 0, { playlist: () => '#EXTM3U\n' }],
    [
      'the segment is at another origin',
      'not-allowed',
      0,
      { playlist: () => mediaPlaylist('https://elsewhere.test/low') },
    ],
    ['a range is too long', 'too-large', 0, { playlist: withRange, bootstrap: { media: atMost(40) } }],
    ['the init segment is too long', 'too-large', 0, { bootstrap: { media: atMost(40) } }],
    [
      'the segment is too long',
      'too-large',
      bytesOf('low-init.mp4').length,
      { bootstrap: { media: atMost(ALL_BYTES - 1) } },
    ],
    ['memory is full', 'memory-full', 0, { bootstrap: { media: { ...patient, memoryBytes: 40 } } }],
    ['the origin is overloaded', 'origin-busy', 0, { media: () => new Response('', { status: 503 }) }],
    [
      'the origin is not there',
      'origin-busy',
      0,
      { media: () => Promise.reject(new TypeError('The network failed.')) },
    ],
    ['the segment is gone', 'origin-refused', 0, { media: () => new Response('', { status: 404 }) }],
    ['the segment is empty', 'origin-refused', 0, { media: () => withLength(Buffer.alloc(0)) }],
  ];
  for (const [when, result, bytes, options, given] of cases) {
    it(`says ${result} when ${when}`, async () => {
      const { read, recorded } = createRecordedWorld(options);
      await read(given);
      assert.deepEqual(recorded, [{ result, bytes }]);
    });
  }

  it('says why media are cut', async () => {
    const { read, recorded } = createRecordedWorld({
      media: (request) => {
        const whole = mediaResponse(request);
        if (!request.url.pathname.endsWith('.m4s')) return whole;
        const cut = new ReadableStream<Uint8Array>({
          start(controller) {
            controller.enqueue(new Uint8Array(7));
            controller.error(new TypeError('The connection was cut.'));
          },
        });
        return new Response(cut, { headers: whole.headers });
      },
    });
    await read();
    assert.equal(recorded[0]?.result, 'origin-busy');
    assert.equal(recorded.length, 1);
  });

  it('says that an origin is not asked again after a fault', async () => {
    const { read, recorded } = createRecordedWorld({ media: () => new Response('', { status: 503 }) });
    await read();
    await read();
    assert.deepEqual(
      recorded.map(({ result }) => result),
      ['origin-busy', 'paused'],
    );
  });

  it('says that the client has left', async () => {
    const { ask, asked, recorded } = createRecordedWorld({
      media: () => new Promise<Response>(() => undefined),
    });
    const response = await ask();
    while (asked.length === 0) await settle();
    await response.body?.cancel();
    assert.deepEqual(recorded, [{ result: 'client-left', bytes: 0 }]);
  });

  it('counts nothing for responses that never have media', async () => {
    const { read, recorded } = createRecordedWorld();
    await read({ reason: 'scheduled' });
    const without = createRecordedWorld({ bootstrap: { media: false } });
    await without.read();
    assert.deepEqual([...recorded, ...without.recorded], []);
  });

  it('is in /metrics, without names of streams', async () => {
    const metrics = createPrometheusMetrics();
    const { ask } = createMediaWorld({ handler: { metrics } });
    for (const user of ['a', 'b', 'c']) await readAnswer(await ask({ viewer: { user } }));
    const text = await metrics.render();
    assert.match(text, /^gatecast_first_media_responses_total\{result="sent"\} 2$/m);
    assert.match(text, /^gatecast_first_media_responses_total\{result="shared"\} 1$/m);
    assert.match(text, new RegExp(`^gatecast_first_media_bytes_total ${3 * ALL_BYTES}$`, 'm'));
    assert.doesNotMatch(text, /demo|low/);
  });
});
