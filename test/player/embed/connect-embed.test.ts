import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { connectEmbed, type EmbedConnection, type ConnectEmbedOptions } from '@gatecast/player/embed';
import { FakeClock } from '../../support/fake-clock.js';
import { GatecastError, type TokenAnswer, type TokenFunction } from '@gatecast/token';

const origin = 'https://media.example.com';
const request = { type: 'token-request', id: 1, purpose: 'playback', streams: ['a'], reason: 'initial' };

/** An iframe of another origin, and what was posted into it. */
class FakeIframe extends EventTarget {
  contentDocument: { URL: string } | null = { URL: 'about:blank' };
  src = `${origin}/gatecast-embed.html?src=/live/a.m3u8`;
  isConnected = true;
  readonly posted: { message: unknown; target: string }[] = [];
  readonly received: Record<string, unknown>[] = [];
  port: MessagePort | null = null;
  #wake: () => void = () => undefined;
  readonly contentWindow = {
    postMessage: (message: unknown, target: string, [port]: MessagePort[]) => {
      this.posted.push({ message, target });
      this.port = port ?? null;
      if (!port) return;
      port.onmessage = ({ data }) => {
        this.received.push(data as Record<string, unknown>);
        this.#wake();
      };
    },
  };

  load(): void {
    this.contentDocument = null;
    this.dispatchEvent(new Event('load'));
  }

  /** Waits for the next message of the page. */
  async next(after = 0): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.received[after];
      if (found) return found;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

let time: FakeClock;
let iframe: FakeIframe;
let embed: EmbedConnection;

function connect(options: Partial<ConnectEmbedOptions> = {}): void {
  iframe = new FakeIframe();
  time = new FakeClock();
  embed = connectEmbed(iframe as EventTarget as HTMLIFrameElement, { origin, clock: time.clock, ...options });
}

/** Connects to a frame that has loaded. */
async function connected(
  tokenSource?: TokenFunction,
  options: Partial<ConnectEmbedOptions> = {},
): Promise<void> {
  connect({ ...(tokenSource && { tokenSource }), ...options });
  iframe.load();
  const event = new Promise((resolve) => embed.addEventListener('embed-connected', resolve, { once: true }));
  iframe.port?.postMessage({ type: 'connected', version: 1 });
  await event;
}

afterEach(() => {
  embed.close();
  iframe.port?.close();
  assert.equal(time.timerCount, 0);
});

/** The codes of the next `embed-error`. */
const errors = () => {
  const codes: string[] = [];
  embed.addEventListener('embed-error', ({ problem }) => codes.push(problem.code));
  return codes;
};

/** The message for what the page's function returns or throws. */
async function answerOf(tokenSource: TokenFunction): Promise<Record<string, unknown>> {
  await connected(tokenSource);
  iframe.port?.postMessage(request);
  return iframe.next();
}

describe('a page with an embed page in an iframe', () => {
  it('hands its port to the origin that it named, after each load', () => {
    connect({ tokenSource: Object.assign(() => 'x', { perStream: true }) });
    // Before the frame has loaded, the window in it is still one of this page.
    assert.deepEqual(iframe.posted, []);
    iframe.load();
    iframe.load();
    const message = { gatecast: 'embed', type: 'connect', version: 1, perStream: true };
    assert.deepEqual(iframe.posted, [
      { message, target: origin },
      { message, target: origin },
    ]);
  });

  it('connects at once to a frame that has loaded before', () => {
    iframe = new FakeIframe();
    iframe.contentDocument = null;
    time = new FakeClock();
    embed = connectEmbed(iframe as EventTarget as HTMLIFrameElement, { origin, clock: time.clock });
    assert.equal(iframe.posted.length, 1);
  });

  it('says when the frame does not accept it', async () => {
    connect();
    const codes = errors();
    iframe.load();
    await time.advance(9_000);
    assert.deepEqual(codes, []);
    await time.advance(1_000);
    assert.deepEqual(codes, ['embed-not-connected']);
    embed.close();
    iframe.port?.close();
    await connected();
    const later = errors();
    await time.advance(20_000);
    assert.deepEqual(later, []);
  });

  it('ends commands when the frame has gone', async () => {
    await connected();
    const lost = assert.rejects(embed.play(), { name: 'InvalidStateError' });
    iframe.isConnected = false;
    assert.equal(embed.isConnected, false);
    await lost;
    await assert.rejects(embed.pause(), { name: 'InvalidStateError' });
    for (const end of [
      () => iframe.port?.close(),
      () => iframe.port?.postMessage({ type: 'disconnected' }),
    ]) {
      await connected();
      const ended = assert.rejects(embed.play(), { name: 'InvalidStateError' });
      end();
      await ended;
      assert.equal(embed.isConnected, false);
      iframe.port?.close();
    }
  });

  it('refuses what is not an origin', () => {
    for (const wrong of [
      '*',
      '/',
      'null',
      '',
      `${origin}/`,
      `${origin}/embed`,
      'media.example.com',
      'data:,x',
    ])
      assert.throws(() => connect({ origin: wrong }), TypeError);
    connect();
  });

  it('sends nothing after it was closed', async () => {
    const end = new AbortController();
    connect({ signal: end.signal });
    end.abort();
    iframe.load();
    assert.deepEqual(iframe.posted, []);
    await assert.rejects(embed.play(), { name: 'InvalidStateError' });
  });

  it('sends commands, and rejects with what the frame says', async () => {
    await connected();
    const played = embed.play();
    const { id, command } = await iframe.next();
    assert.deepEqual(command, { name: 'play' });
    iframe.port?.postMessage({ type: 'result', id, problem: null });
    await played;
    const loaded = embed.load({ src: 'https://evil.example/a.m3u8' });
    const { id: second } = await iframe.next(1);
    const problem = { code: 'source-origin-not-allowed', message: 'No.', hint: 'Add it.' };
    iframe.port?.postMessage({ type: 'result', id: second, problem });
    await assert.rejects(loaded, { name: 'source-origin-not-allowed', message: 'No. Add it.' });
    const lost = assert.rejects(embed.pause(), { name: 'InvalidStateError' });
    iframe.load();
    await lost;
    assert.equal(embed.isConnected, false);
  });

  it('has events without tokens, and ignores what it does not know', async () => {
    await connected();
    const state = { paused: false, ended: false, muted: true, volume: 1, currentTime: 2, readyState: 4 };
    const seen: string[] = [];
    for (const type of ['embed-state', 'embed-error', 'embed-token-refreshed', 'embed-token-failed'])
      embed.addEventListener(type, () => seen.push(type));
    const problem = { code: 'revoked', message: 'Ended.', hint: 'Wait.', retryable: false, status: 403 };
    for (const message of [
      ...[null, 'state', { type: 'eval' }, { type: 'state' }, { type: 'state', state }],
      ...[{ type: 'token-refreshed', stream: 'a', reason: 'initial', expiresAtMs: 1 }],
      ...[
        { type: 'token-failed', stream: 'a', problem },
        { type: 'version-refused', version: 2 },
      ],
    ])
      iframe.port?.postMessage(message);
    const error = new Promise<Event>((resolve) => embed.addEventListener('embed-error', resolve));
    iframe.port?.postMessage({ type: 'error', problem });
    await error;
    assert.deepEqual(seen.slice(0, 4), [
      'embed-state',
      'embed-token-refreshed',
      'embed-token-failed',
      'embed-error',
    ]);
    assert.deepEqual(embed.state, { ...state, duration: null });
  });
});

describe('tokens for an embed page', () => {
  const message = { type: 'token-response', id: 1, contentType: 'application/json', retryAfter: '' };
  const problem = { ...message, contentType: 'application/problem+json' };
  const json = JSON.stringify({ token: 'opaque' });
  const error = (status: number | undefined, options = {}) =>
    new GatecastError('revoked', 'Ended.', { hint: 'x', status, reason: 'Signed out.', ...options });

  for (const [name, source, expected] of [
    ['an object', () => ({ token: 'opaque' }), { ...message, status: 200, body: json }],
    [
      'a response',
      () => new Response(json, { headers: { 'Content-Type': 'application/jwt' } }),
      { ...message, contentType: 'application/jwt', status: 200, body: json },
    ],
    [
      'a refusal',
      () => new Response('no', { status: 429, headers: { 'Retry-After': '9', 'Content-Type': 'text/x' } }),
      { ...message, contentType: 'text/x', status: 429, body: 'no', retryAfter: '9' },
    ],
    [
      'an error with a status',
      () => Promise.reject(error(403, { retryAfterMs: 1500 })),
      { ...problem, status: 403, body: '{"code":"revoked","reason":"Signed out."}', retryAfter: '2' },
    ],
    ['an error that is final', () => Promise.reject(error(undefined)), { ...message, status: 400, body: '' }],
    ['a lost connection', () => Promise.reject(new TypeError('x')), { ...message, status: 0, body: '' }],
    ['what has no JSON', () => ({ token: 1n }) as object as TokenAnswer, { ...message, status: 0, body: '' }],
    ['nothing', () => undefined as never, { ...message, status: 0, body: '' }],
    ['too much', () => ({ token: 'x'.repeat(5_000_000) }), { ...message, status: 413, body: '' }],
    [
      'several parts',
      () => new Response('--x--', { headers: { 'Content-Type': 'multipart/mixed; boundary=x' } }),
      { ...message, status: 400, body: '' },
    ],
  ] as const)
    it(`are ${name} of the page`, async () => {
      const uncaught: unknown[] = [];
      const listener = (cause: unknown) => uncaught.push(cause);
      process.setUncaughtExceptionCaptureCallback(listener);
      try {
        assert.deepEqual(await answerOf(source), expected);
      } finally {
        process.setUncaughtExceptionCaptureCallback(null);
      }
      // Only the console of this page can show what its function has thrown.
      assert.equal(uncaught.length, expected.status === 0 ? 1 : 0);
    });

  it('say in this page what the frame cannot know', async () => {
    for (const [source, code] of [
      [() => ({ token: 'x'.repeat(5_000_000) }), 'token-response-too-large'],
      [() => new Response('', { headers: { 'Content-Type': 'multipart/mixed' } }), 'token-response-invalid'],
      [() => Promise.reject(error(undefined)), 'revoked'],
    ] as const) {
      await connected(source);
      const codes = errors();
      iframe.port?.postMessage(request);
      await iframe.next();
      assert.deepEqual(codes, [code]);
      embed.close();
      iframe.port?.close();
    }
  });

  it('are for playback, and for the streams that this page has named', async () => {
    const asked: string[][] = [];
    const source: TokenFunction = ({ streams }) => {
      asked.push([...streams]);
      return 'opaque';
    };
    await connected(source);
    const codes = errors();
    const status = async (given: object, count: number) => {
      iframe.port?.postMessage({ ...request, ...given });
      return (await iframe.next(count))['status'];
    };
    assert.equal(await status({ purpose: 'ingest' }, 0), 403);
    assert.equal(await status({ streams: ['b'] }, 1), 403);
    assert.equal(await status({ streams: ['a', 'b'] }, 2), 403);
    assert.deepEqual([asked, codes], [[], ['embed-stream-not-allowed']]);
    assert.equal(await status({}, 3), 200);
    embed.load({ src: '/live/b.m3u8?x=1' }).catch(() => undefined);
    embed.load({ src: '/live/c.m3u8', stream: 'c-1' }).catch(() => undefined);
    embed.load({ whep: '/whep/d' }).catch(() => undefined);
    assert.equal(await status({ streams: ['b', 'c-1', 'd'] }, 7), 200);
    assert.equal(await status({ streams: ['c'] }, 8), 403);
    embed.close();
    iframe.port?.close();
    for (const streams of [['b'], (name: string) => name === 'b']) {
      await connected(source, { streams });
      assert.deepEqual([await status({}, 0), await status({ streams: ['b'] }, 1)], [403, 200]);
      embed.close();
      iframe.port?.close();
    }
  });

  it('are not requested twice at a time for one request, nor without a function', async () => {
    const asked: unknown[] = [];
    await connected((question) => {
      asked.push(question);
      return new Promise(() => undefined);
    });
    for (let each = 0; each < 2; each += 1) iframe.port?.postMessage(request);
    assert.deepEqual(await iframe.next(), { ...message, status: 429, body: '' });
    assert.deepEqual(asked, [{ purpose: 'playback', streams: ['a'], reason: 'initial' }]);
    embed.close();
    iframe.port?.close();
    await connected();
    iframe.port?.postMessage(request);
    assert.deepEqual(await iframe.next(), { ...message, status: 0, body: '' });
  });

  it('are not waited for after the frame has cancelled or loaded again', async () => {
    const signals: AbortSignal[] = [];
    await connected((_request, { signal }) => {
      signals.push(signal);
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error())));
    });
    iframe.port?.postMessage(request);
    iframe.port?.postMessage({ type: 'token-cancel', id: 1 });
    iframe.port?.postMessage({ ...request, id: 2 });
    iframe.port?.postMessage({ ...request, id: 2 });
    await iframe.next();
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, false],
    );
    iframe.load();
    assert.equal(signals[1]?.aborted, true);
    assert.equal(iframe.received.length, 1);
  });
});
