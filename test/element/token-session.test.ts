import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import {
  EventLog,
  SecureTokenFailedEvent,
  SecureTokenRefreshedEvent,
  TokenSession,
  type TokenSettings,
} from '@gatecast/element';
import { GatecastError, systemClock, type TokenFunction } from '@gatecast/token';

const releases: (() => void)[] = [];

function settingsFor(tokenSource: TokenFunction | null): TokenSettings {
  return { tokenUrl: null, tokenCredentials: 'same-origin', tokenSource, refreshLeadSeconds: 60 };
}

/** A page's token function, which answers each stream with a numbered token of one hour. */
function countingSource(name: string): {
  readonly tokenSource: TokenFunction;
  readonly requests: string[][];
} {
  const requests: string[][] = [];
  const tokenSource: TokenFunction = ({ streams }) => {
    requests.push([...streams]);
    const expiresAt = Math.floor(Date.now() / 1000) + 3600;
    const tokens = streams.map((stream) => ({
      stream,
      token: `${name}-${stream}-${requests.length}`,
      expiresAt,
    }));
    return Promise.resolve({ tokens, serverTime: expiresAt - 3600 });
  };
  return { tokenSource, requests };
}

function openSession(
  tokenSource: TokenFunction | null,
  streams: readonly string[] = ['a'],
  settings = settingsFor(tokenSource),
) {
  const host = new EventTarget();
  const log = new EventLog();
  const refreshed: SecureTokenRefreshedEvent[] = [];
  const failed: SecureTokenFailedEvent[] = [];
  host.addEventListener(SecureTokenRefreshedEvent.type, (event) => {
    if (event instanceof SecureTokenRefreshedEvent) refreshed.push(event);
  });
  host.addEventListener(SecureTokenFailedEvent.type, (event) => {
    if (event instanceof SecureTokenFailedEvent) failed.push(event);
  });
  const session = new TokenSession({
    host,
    log,
    purpose: 'playback',
    settings,
    streams,
  });
  releases.push(() => {
    session.release();
  });
  return { session, log, refreshed, failed };
}

describe('the token session of an element', () => {
  afterEach(() => {
    for (const release of releases.splice(0)) release();
    assert.equal(systemClock.pending, 0, 'a released session leaves no timer');
  });

  it('fetches a token once and reports it without its value', async () => {
    const { tokenSource, requests } = countingSource('one');
    const { session, log, refreshed } = openSession(tokenSource);
    const [first, second] = await Promise.all([session.get('a'), session.get('a')]);
    assert.equal(first.value, 'one-a-1');
    assert.equal(second, first);
    assert.equal(session.peek('a'), first);
    assert.deepEqual(requests, [['a']]);
    assert.deepEqual(
      refreshed.map(({ stream, reason, expiresAtMs }) => ({ stream, reason, expiresAtMs })),
      [{ stream: 'a', reason: 'initial', expiresAtMs: first.expiresAtMs }],
    );
    assert.doesNotMatch(JSON.stringify(refreshed) + JSON.stringify(log), /one-a/);
    assert.equal(log.toJSON()[0]?.type, 'secure-token-refreshed');
  });

  it('shares one request with another session of the same source', async () => {
    const { tokenSource, requests } = countingSource('shared');
    const one = openSession(tokenSource).session;
    const other = openSession(tokenSource).session;
    assert.equal(await one.get('a'), await other.get('a'));
    assert.equal(requests.length, 1);
  });

  it('warms up all its streams in one request', async () => {
    const { tokenSource, requests } = countingSource('warm');
    const { session } = openSession(tokenSource, ['a', 'b']);
    session.warmUp(new AbortController().signal);
    await Promise.all([session.get('a'), session.get('b')]);
    assert.deepEqual(requests, [['a', 'b']]);
    assert.deepEqual(
      session.states.map(({ stream, state }) => ({ stream, state })),
      [
        { stream: 'a', state: 'fresh' },
        { stream: 'b', state: 'fresh' },
      ],
    );
  });

  it('gets tokens from another place after its settings change, for the same streams', async () => {
    const after = countingSource('after');
    const { session } = openSession(null);
    session.seed('a', 'before');
    assert.equal(session.setSettings(settingsFor(after.tokenSource), false), true);
    assert.deepEqual([...session.streams], ['a']);
    assert.equal((await session.get('a')).value, 'after-a-1');
  });

  it('keeps its tokens when it is given the same settings again', async () => {
    const { tokenSource, requests } = countingSource('same');
    const { session } = openSession(tokenSource);
    const token = await session.get('a');
    session.setSettings(settingsFor(tokenSource), false);
    assert.equal(await session.get('a'), token);
    assert.equal(requests.length, 1);
  });

  it('calls a new function from the next request on, and keeps the tokens', async () => {
    const before = countingSource('before');
    const after = countingSource('after');
    const { session } = openSession(before.tokenSource);
    const token = await session.get('a');
    assert.equal(session.setSettings(settingsFor(after.tokenSource), false), false);
    assert.equal(await session.get('a'), token);
    assert.equal((await session.refresh('a')).value, 'after-a-1');
    assert.equal(before.requests.length, 1);
  });

  it('makes no request for a page that passes a new function with each of many renders', async () => {
    const requests: unknown[] = [];
    const render = (): TokenFunction => (request, options) => {
      requests.push(request);
      return countingSource('inline').tokenSource(request, options);
    };
    const { session } = openSession(render());
    const token = await session.get('a');
    for (let renders = 0; renders < 50; renders += 1) session.setSettings(settingsFor(render()), false);
    assert.equal(await session.get('a'), token);
    assert.equal(requests.length, 1);
  });

  it('shares the tokens of elements that are given the same new function', async () => {
    const before = countingSource('before');
    const after = countingSource('after');
    const sessions = [openSession(before.tokenSource).session, openSession(before.tokenSource).session];
    await Promise.all(sessions.map((session) => session.get('a')));
    for (const session of sessions) session.setSettings(settingsFor(after.tokenSource), false);
    await Promise.all(sessions.map((session) => session.refresh('a')));
    await openSession(after.tokenSource).session.get('a');
    assert.equal(before.requests.length, 1);
    assert.equal(after.requests.length, 1);
  });

  it('lets a page that shows each failure with a new function start three times at once, not more', async () => {
    let requests = 0;
    const render = (): TokenFunction => () => {
      requests += 1;
      throw new GatecastError('token-refused', 'The session has ended.', { hint: 'Sign in.' });
    };
    const { session, failed } = openSession(render());
    const renders: boolean[] = [];
    for (let failures = 0; failures < 20; failures += 1) {
      await session.get('a').catch(() => undefined);
      renders.push(session.setSettings(settingsFor(render()), true));
    }
    assert.deepEqual(renders.slice(0, 3), [true, true, false]);
    assert.equal(requests, 3);
    assert.equal(failed.length, 3);
  });

  it('uses the page’s own token first', async () => {
    const { tokenSource, requests } = countingSource('unused');
    const { session } = openSession(tokenSource);
    session.seed('a', 'ready-made');
    assert.equal((await session.get('a')).value, 'ready-made');
    assert.equal(requests.length, 0);
  });

  it('reports a token of the page that cannot be used, and fetches another', async () => {
    const { tokenSource } = countingSource('next');
    const { session, failed } = openSession(tokenSource);
    session.seed('a', '');
    assert.deepEqual(
      failed.map(({ stream, error }) => [stream, error instanceof GatecastError]),
      [['a', true]],
    );
    assert.equal((await session.get('a')).value, 'next-a-1');
  });

  it('replaces a token that the origin refused and tells its listeners', async () => {
    const { tokenSource } = countingSource('refused');
    const { session, refreshed } = openSession(tokenSource);
    const heard: string[] = [];
    const stop = session.onRefreshed((stream) => heard.push(stream));
    const first = await session.get('a');
    const second = await session.rejected('a', first.version);
    stop();
    await session.refresh('a');
    assert.equal(second.value, 'refused-a-2');
    assert.deepEqual(heard, ['a', 'a']);
    assert.deepEqual(
      refreshed.map(({ reason }) => reason),
      ['initial', 'rejected', 'manual'],
    );
  });

  it('reports a failed request with the time of the next attempt, if there is one', async () => {
    const refuse: TokenFunction = () =>
      Promise.reject(new GatecastError('token-refused', 'Not signed in.', { hint: 'Sign in.' }));
    const { session, failed } = openSession(refuse);
    await assert.rejects(session.get('a'), { code: 'token-refused' });
    assert.deepEqual(
      failed.map(({ stream, error, willRetryInMs }) => [stream, error.code, willRetryInMs]),
      [['a', 'token-refused', null]],
    );
  });

  it('dispatches nothing after it is released', async () => {
    let answer: (() => void) | undefined;
    const { tokenSource } = countingSource('late');
    const slow: TokenFunction = async (request, options) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return tokenSource(request, options);
    };
    const { session, refreshed, failed } = openSession(slow);
    const token = session.get('a').catch((error: unknown) => error);
    session.release();
    answer?.();
    await token;
    assert.deepEqual([refreshed.length, failed.length], [0, 0]);
  });

  it('warns once if the browser ignores the cookie that the CDN wants', async (context) => {
    const expiresAt = Math.floor(Date.now() / 1000) + 3600;
    let item: object = { cookie: true };
    context.mock.method(globalThis, 'fetch', () =>
      Promise.resolve(Response.json({ tokens: [{ stream: 'a', ...item, expiresAt }] })),
    );
    const endpoint = { tokenSource: null, refreshLeadSeconds: 60 };
    const warningsOf = async (settings: Pick<TokenSettings, 'tokenUrl' | 'tokenCredentials'>) => {
      const { session, log } = openSession(null, ['a'], { ...endpoint, ...settings });
      await session.get('a');
      await session.refresh('a').catch(() => undefined);
      return log.toJSON().filter(({ type }) => type === 'warning');
    };
    const elsewhere = 'https://backend.example/cookie';
    const [warning, ...more] = await warningsOf({ tokenUrl: elsewhere, tokenCredentials: 'same-origin' });
    assert.match(String(warning?.['warning']), /token-credentials="include"/);
    assert.deepEqual(more, []);
    assert.equal((await warningsOf({ tokenUrl: `${elsewhere}-2`, tokenCredentials: 'omit' })).length, 1);
    assert.deepEqual(await warningsOf({ tokenUrl: `${elsewhere}-3`, tokenCredentials: 'include' }), []);
    item = { query: { sig: 'a' } };
    assert.deepEqual(await warningsOf({ tokenUrl: `${elsewhere}-4`, tokenCredentials: 'omit' }), []);
  });
});
