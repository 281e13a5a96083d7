import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Authorizer, requestMedia, type MediaRequest } from '@gatecast/token';
import { createHlsLoader, type HlsLoaderHost } from '@gatecast/player/internal/engine/hls/hls-loader';
import { EarlyRequests } from '@gatecast/player/internal/loading/early-requests';
import {
  LoaderContextType,
  type LoaderCallbacks,
  type LoaderConfiguration,
  type LoaderContext,
} from 'hls.js';
import { FakeClock, settle } from '../support/fake-clock.js';
import { loaderHost } from './support/loader-host.js';

const url = 'https://media.example/live/1.m4s';
const realFetch = globalThis.fetch;

const authorizer = new Authorizer({
  tokens: {
    get: () => Promise.reject(new Error('An open stream needs no token.')),
    peek: () => null,
    rejected: () => Promise.reject(new Error('An open stream needs no token.')),
    accepted: () => undefined,
  },
  placement: { kind: 'none' },
  origins: [],
});

/** A response whose body the test sends. */
class SlowOrigin {
  requests = 0;
  #body: ReadableStreamDefaultController<Uint8Array> | null = null;

  readonly fetch: typeof fetch = (_, init) => {
    this.requests += 1;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#body = controller;
        init?.signal?.addEventListener('abort', () => controller.error(init.signal?.reason));
      },
    });
    return Promise.resolve(new Response(body));
  };

  async send(bytes: number): Promise<void> {
    this.#body?.enqueue(new Uint8Array(bytes));
    await settle();
  }

  async end(): Promise<void> {
    this.#body?.close();
    await settle();
  }
}

describe('the time limits of media requests', () => {
  let fake: FakeClock;
  let origin: SlowOrigin;

  beforeEach(() => {
    fake = new FakeClock();
    origin = new SlowOrigin();
  });
  afterEach(() => {
    globalThis.fetch = realFetch;
  });

  function request(responseType: MediaRequest['responseType']): { outcome: () => string } {
    let outcome = 'pending';
    const { clock } = fake;
    const options = { signal: new AbortController().signal, clock, fetch: origin.fetch };
    requestMedia(authorizer, { url, stream: 'demo', responseType }, options).then(
      () => (outcome = 'done'),
      (error: unknown) => (outcome = error instanceof Error ? error.name : String(error)),
    );
    return { outcome: () => outcome };
  }

  it('waits for a segment that takes 26 s, as hls.js does, and at most 120 s', async () => {
    const slow = request('arraybuffer');
    await fake.advance(26_000);
    assert.equal(slow.outcome(), 'pending');
    await origin.send(8);
    await origin.end();
    assert.equal(slow.outcome(), 'done');
    const endless = request('arraybuffer');
    await fake.advance(119_000);
    assert.equal(endless.outcome(), 'pending');
    await fake.advance(1500);
    assert.equal(endless.outcome(), 'TimeoutError');
  });

  it('gives a playlist up after 20 s', async () => {
    const slow = request('text');
    await fake.advance(19_000);
    assert.equal(slow.outcome(), 'pending');
    await fake.advance(1500);
    assert.equal(slow.outcome(), 'TimeoutError');
  });

  it('hands the progress of an early segment to the loader that takes it, without a second request', async () => {
    globalThis.fetch = origin.fetch;
    const early = new EarlyRequests(authorizer, new AbortController().signal);
    early.segment({ url, range: null }, 'demo');
    await settle();
    await origin.send(3);
    const { stats, done } = load({ early });
    await settle();
    await origin.send(4);
    assert.equal(stats().loaded, 7);
    await origin.end();
    await done;
    assert.equal(origin.requests, 1);
  });

  it('reports bytes of a segment that has been loading for some seconds, and not those of a fast one', async (test) => {
    globalThis.fetch = origin.fetch;
    let nowMs = 1000;
    test.mock.method(performance, 'now', () => nowMs);
    let slowBytes = 0;
    const early = new EarlyRequests(authorizer, new AbortController().signal);
    const { done } = load({ early, onSlowBytes: () => (slowBytes += 1) });
    await settle();
    await origin.send(3);
    assert.equal(slowBytes, 0);
    nowMs += 14_000;
    await origin.send(3);
    assert.equal(slowBytes, 1);
    await origin.end();
    await done;
  });
});

/** Loads a segment as hls.js does. */
function load(part: Pick<HlsLoaderHost, 'early'> & { onSlowBytes?: () => void }): {
  stats: () => { loaded: number };
  done: Promise<unknown>;
} {
  const HlsLoader = createHlsLoader(loaderHost(part));
  const loader = new HlsLoader({});
  const context = {
    url,
    type: LoaderContextType.MEDIA_FRAGMENT,
    responseType: 'arraybuffer',
    frag: { level: 0 },
  };
  const policy = {
    maxTimeToFirstByteMs: 10_000,
    maxLoadTimeMs: 120_000,
    timeoutRetry: null,
    errorRetry: null,
  };
  const config = { loadPolicy: policy, timeout: 0, maxRetry: 0, retryDelay: 0, maxRetryDelay: 0 };
  const done = new Promise<unknown>((resolve, reject) => {
    const callbacks: LoaderCallbacks<LoaderContext> = {
      onSuccess: resolve,
      onError: reject,
      onTimeout: reject,
    };
    loader.load(context, config satisfies LoaderConfiguration, callbacks);
  });
  return { stats: () => loader.stats, done };
}
