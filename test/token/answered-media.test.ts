import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endpointSource, GatecastError } from '@gatecast/token';
import { readParts, fieldOf } from '@gatecast/token/internal/source/read-parts';
import { requestTokens } from '@gatecast/token/internal/source/token-source';
import type { ParsedTokenResponse } from '@gatecast/token/internal/source/parse-token-response';
import { FakeClock } from '../support/fake-clock.js';

const INIT = 'https://media.example/init.mp4';
const SEGMENT = 'https://media.example/7.m4s';
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

interface Part {
  readonly head: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
}

function part(head: Readonly<Record<string, string>>, data: Uint8Array): Part {
  return { head: { 'Content-Length': String(data.length), ...head }, data };
}

const json = (body: unknown): Part =>
  part({ 'Content-Type': 'application/json' }, bytes(JSON.stringify(body)));

/** A body as a backend sends it: boundary lines, heads and data. */
function mixed(parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const chunks = parts.flatMap(({ head, data }) => [
    bytes(
      `--b\r\n${Object.entries(head)
        .map((field) => field.join(': '))
        .join('\r\n')}\r\n\r\n`,
    ),
    data,
    bytes('\r\n'),
  ]);
  return Uint8Array.from([...chunks, bytes('--b--\r\n')].flatMap((chunk) => [...chunk]));
}

/** A response whose body comes in pieces, and which tells whether it was cancelled. */
function streamed(pieces: readonly Uint8Array[], isEndless = false) {
  const left = [...pieces];
  const state = { isCancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = left.shift();
      if (next) controller.enqueue(next);
      else if (!isEndless) controller.close();
    },
    cancel() {
      state.isCancelled = true;
    },
  });
  const headers = { 'Content-Type': 'multipart/mixed; boundary=b' };
  return { response: new Response(body, { headers }), state };
}

const inPieces = (whole: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(whole.length / size) }, (_, at) =>
    whole.subarray(at * size, (at + 1) * size),
  );

async function ask(response: Response, time = new FakeClock()): Promise<ParsedTokenResponse> {
  const fetch = () => Promise.resolve(response);
  const source = endpointSource({ url: 'https://shop.example/tokens', fetch, clock: time.clock });
  const answer = await requestTokens(
    source,
    { purpose: 'playback', streams: ['a'], reason: 'initial' },
    { signal: new AbortController().signal },
  );
  if (answer instanceof GatecastError) throw answer;
  return answer;
}

const ANSWER = {
  tokens: [{ stream: 'a', token: 'opaque-token-a' }],
  media: [{ url: INIT }, { url: SEGMENT, range: '100-103' }],
};
const initPart = part({ 'Content-Location': INIT }, bytes('\r\n\r\n--b\r\n'));
const segmentPart = part({ 'Content-Location': SEGMENT, 'Content-Range': 'bytes 100-103/*' }, bytes('moof'));
const text = (data: ArrayBuffer): string => new TextDecoder().decode(data);

describe('media after the tokens', () => {
  for (const size of [1, 7, 4096])
    it(`are read from pieces of ${String(size)} bytes`, async () => {
      const { response } = streamed(inPieces(mixed([json(ANSWER), initPart, segmentPart]), size));
      const { items, media = [] } = await ask(response);
      assert.equal(items[0]?.value, 'opaque-token-a');
      assert.deepEqual(
        media.map(({ url, rangeStart }) => [url, rangeStart]),
        [
          [INIT, 0],
          [SEGMENT, 100],
        ],
      );
      assert.deepEqual(await Promise.all(media.map(async ({ data }) => text(await data))), [
        '\r\n\r\n--b\r\n',
        'moof',
      ]);
    });

  it('do not delay the token', async () => {
    const { response } = streamed([mixed([json(ANSWER)]).subarray(0, -9)], true);
    const { items, media = [] } = await ask(response);
    assert.equal(items.length, 1);
    assert.equal(media.length, 2);
  });

  for (const [what, parts] of [
    ['is missing', [json(ANSWER), initPart]],
    ['is another one', [json(ANSWER), initPart, part({ 'Content-Location': `${SEGMENT}x` }, bytes('moof'))]],
    ['has another range', [json(ANSWER), initPart, part({ 'Content-Location': SEGMENT }, bytes('moof'))]],
    [
      'is cut',
      [json(ANSWER), initPart, { ...segmentPart, head: { ...segmentPart.head, 'Content-Length': '4000' } }],
    ],
    [
      'is too long',
      [json(ANSWER), initPart, { ...segmentPart, head: { ...segmentPart.head, 'Content-Length': '1e12' } }],
    ],
    [
      'has no length',
      [json(ANSWER), initPart, { ...segmentPart, head: { ...segmentPart.head, 'Content-Length': 'x' } }],
    ],
  ] as const)
    it(`are given up when one ${what}`, async () => {
      const { response } = streamed([mixed(parts)]);
      const { media = [] } = await ask(response);
      assert.equal(media.length, 2);
      assert.equal(text((await media[0]?.data) ?? new ArrayBuffer()), '\r\n\r\n--b\r\n');
      await assert.rejects(media[1]?.data ?? Promise.resolve(), DOMException);
    });

  it('that hang are given up after the time limit of the request, and the body is cancelled', async () => {
    const time = new FakeClock();
    const { response, state } = streamed([mixed([json(ANSWER), initPart]).subarray(0, -9)], true);
    const { media = [] } = await ask(response, time);
    const hanging = assert.rejects(media[1]?.data ?? Promise.resolve(), DOMException);
    await media[0]?.data;
    await time.advance(9_900);
    assert.equal(state.isCancelled, false);
    await time.advance(200);
    await hanging;
    assert.equal(state.isCancelled, true);
    assert.equal(time.clock.pending, 0);
  });

  it('that are not announced are not read', async () => {
    const { response, state } = streamed(
      [mixed([json({ token: 'opaque-token-a' }), initPart]).subarray(0, -9)],
      true,
    );
    const { media } = await ask(response);
    assert.deepEqual(media, []);
    await new Promise(setImmediate);
    assert.equal(state.isCancelled, true);
  });

  it('need a JSON part first', async () => {
    const { response } = streamed([bytes('--b--\r\n')]);
    await assert.rejects(ask(response), { code: 'token-response-invalid' });
  });

  it('are not asked for when a token is renewed', async () => {
    const accepts: string[] = [];
    const source = endpointSource({
      url: 'https://shop.example/tokens',
      fetch: (_, init) => {
        accepts.push(new Headers(init?.headers).get('Accept') ?? '');
        return Promise.resolve(new Response('opaque-token-a'));
      },
    });
    const { signal } = new AbortController();
    for (const reason of ['initial', 'scheduled', 'rejected'] as const)
      await source.request({ purpose: 'playback', streams: ['a'], reason }, { signal });
    assert.deepEqual(
      accepts.map((accept) => accept.includes('multipart/mixed')),
      [true, false, false],
    );
  });
});

describe('readParts', () => {
  it('stops at a head without an end', async () => {
    const { response, state } = streamed(inPieces(new Uint8Array(100_000).fill(97), 1000));
    for await (const _ of readParts(response, new AbortController().signal)) assert.fail('There is no part.');
    assert.equal(state.isCancelled, true);
  });

  it('reads names of fields in any case', () => {
    assert.equal(fieldOf('--b\r\ncontent-LENGTH:  12\r\nX: y', 'Content-Length'), '12');
    assert.equal(fieldOf('--b\r\nX-Content-Length: 12', 'Content-Length'), undefined);
  });
});
