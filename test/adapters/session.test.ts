import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatecastError } from '@gatecast/adapters';
import { openSession } from '@gatecast/adapters/internal/session/open-session';
import type { TokenFailed, TokenOptions, TokenRefreshed } from '@gatecast/adapters';
import { settle } from '../support/fake-clock.js';
import { FakeBrowser, FakeTab } from '../token/support/fake-tabs.js';
import { FakeOrigin, PLAYLIST, SEGMENT } from './support/fake-origin.js';

function open(options: Partial<TokenOptions> = {}) {
  const origin = new FakeOrigin();
  const refreshed: TokenRefreshed[] = [];
  const failed: TokenFailed[] = [];
  const session = openSession(
    {
      tokenSource: origin.backend.tokenFunction,
      onTokenRefreshed: (event) => refreshed.push(event),
      onTokenFailed: (event) => failed.push(event),
      ...options,
    },
    origin.context,
  );
  session.open(PLAYLIST);
  const ask = () => session.streamOf({ url: SEGMENT, playlist: PLAYLIST, kind: 'segment' });
  const authorize = async (url = SEGMENT, stream = 'demo') => {
    const pending = session.authorizer.authorize(url, stream);
    pending.catch(() => undefined);
    // Longer than streams wait for others to share a request.
    await origin.time.advance(5);
    return pending;
  };
  return { backend: origin.backend, time: origin.time, session, refreshed, failed, ask, authorize };
}

describe('the tokens of a player', () => {
  it('are renewed ahead while something is requested', async () => {
    const { backend, time, session, ask, authorize, refreshed } = open();
    for (let seconds = 0; seconds < 120; seconds += 4) {
      ask();
      await authorize();
      await time.advance(4000);
    }
    // Tokens of 30 s are renewed at most a quarter of their life ahead.
    assert.deepEqual([...new Set(backend.reasons)], ['initial', 'scheduled']);
    assert.ok(refreshed.length >= 5 && refreshed.length <= 6, String(refreshed.length));
    session.release();
    assert.equal(time.clock.pending, 0);
  });

  it('are not renewed when nothing was requested for a minute, and leave no timer', async () => {
    const { backend, time, session, ask, authorize } = open();
    ask();
    await authorize();
    await time.advance(125_000);
    const { length } = backend.requests;
    assert.equal(time.clock.pending, 0);
    await time.advance(600_000);
    assert.equal(backend.requests.length, length);
    assert.deepEqual(session.states, []);
    ask();
    await authorize();
    assert.equal(backend.requests.length, length + 1);
    session.release();
  });

  it('are renewed when the page wakes after a sleep', async () => {
    const { backend, time, session, ask, authorize } = open();
    ask();
    await authorize();
    time.sleep(40_000);
    await time.wake('visible');
    await time.advance(1000);
    assert.equal(backend.requests.length, 2);
    assert.equal(session.states[0]?.state, 'fresh');
    session.release();
  });

  it('are right when the clock of the device is minutes off', async () => {
    for (const skewMs of [-300_000, 300_000]) {
      const { backend, time, session, ask, authorize } = open();
      backend.skewMs = skewMs;
      ask();
      await authorize();
      await time.advance(20_000);
      assert.equal(backend.requests.length, 1, String(skewMs));
      await time.advance(8000);
      assert.equal(backend.requests.length, 2, String(skewMs));
      session.release();
    }
  });

  it('begin with the token of the page', async () => {
    const { backend, session, ask, authorize } = open({ token: 'of-the-page' });
    ask();
    const { url } = await authorize();
    assert.equal(new URL(url).searchParams.get('token'), 'of-the-page');
    assert.equal(backend.requests.length, 0);
    session.release();
  });

  it('are for the stream that the page names for a request', async () => {
    const { backend, session, authorize } = open({
      stream: ({ playlist }) => (playlist.includes('high') ? 'high' : 'low'),
    });
    for (const playlist of ['https://media.example/high.m3u8', 'https://media.example/low.m3u8'])
      await authorize(SEGMENT, session.streamOf({ url: SEGMENT, playlist, kind: 'segment' }));
    assert.deepEqual(
      backend.requests.map(({ streams }) => streams),
      [['high'], ['low']],
    );
    session.release();
  });

  it('go only to the origin of the source and to those that the page allows', async () => {
    const asText = open({ origins: 'https://cdn.example https://b.example' });
    asText.ask();
    assert.notEqual((await asText.authorize('https://b.example/7.m4s')).version, null);
    asText.session.release();
    const { session, ask, authorize } = open({ origins: ['https://cdn.example'] });
    ask();
    for (const [url, isAllowed] of [
      [SEGMENT, true],
      ['https://cdn.example/7.m4s', true],
      ['https://media.example.evil.example/7.m4s', false],
      ['http://media.example/7.m4s', false],
    ] as const) {
      const authorized = await authorize(url);
      assert.equal(authorized.version !== null, isAllowed, url);
      if (!isAllowed) assert.equal(authorized.url, url);
    }
    session.open('https://other.example/live/demo.m3u8');
    assert.equal((await authorize()).version, null);
    session.release();
  });

  it('end with the signal of the page, and nothing is left', async () => {
    const end = new AbortController();
    const { time, session, ask, authorize } = open({ signal: end.signal });
    ask();
    await authorize();
    end.abort();
    assert.equal(time.clock.pending, 0);
    assert.equal(session.signal.aborted, true);
    const sent = await authorize(SEGMENT, ask());
    assert.deepEqual([sent.url, sent.version], [SEGMENT, null]);
    session.open(PLAYLIST);
    assert.equal((await authorize()).version, null);
    assert.equal(time.clock.pending, 0);
  });

  it('are shared with the tabs that have the same session key', async () => {
    const browser = new FakeBrowser();
    const origin = new FakeOrigin();
    const tokenSource = Object.assign(origin.backend.tokenFunction, { sharedAs: 'watch' });
    const tab = new FakeTab(browser, origin.backend, { streams: [], sharedAs: 'watch', endpoint: null });
    const session = openSession(
      { tokenSource, session: 'key' },
      { ...origin.context, tabEnvironment: tab.environment },
    );
    session.open(PLAYLIST);
    const stream = session.streamOf({ url: SEGMENT, playlist: PLAYLIST, kind: 'segment' });
    const pending = session.authorizer.authorize(SEGMENT, stream);
    await origin.time.advance(5);
    // The code for it is loaded now; its limits stand still meanwhile.
    while (browser.names.size === 0) await settle();
    const done = new AbortController();
    void pending.finally(() => {
      done.abort();
    });
    while (!done.signal.aborted) {
      await origin.time.advance(20);
      await settle();
    }
    assert.notEqual((await pending).version, null);
    session.release();
    tab.lease.release();
  });

  it('report a failed request without a token in the event', async () => {
    const { backend, time, session, failed, ask, authorize } = open();
    backend.answer = () => new Response('{"token":"secret-7"}', { status: 403 });
    ask();
    const error = await authorize().catch((reason: unknown) => reason);
    assert.ok(error instanceof GatecastError);
    assert.deepEqual(
      failed.map(({ stream, error: { status } }) => [stream, status]),
      [['demo', 403]],
    );
    assert.doesNotMatch(JSON.stringify(failed), /secret-7/);
    session.release();
    assert.equal(time.clock.pending, 0);
  });
});

describe('the options of withTokens', () => {
  const source = () => 'token';

  it('are refused if one does not exist, with the nearest name', () => {
    const options = { tokenSource: source, tokenUrls: '/api' } as TokenOptions;
    assert.throws(
      () => openSession(options),
      (error: GatecastError) =>
        error.code === 'option-invalid' && error.hint.startsWith('Did you mean "tokenUrl"?'),
    );
  });

  it('are refused without a source of tokens, unless the stream is open', () => {
    assert.throws(() => openSession({}), { code: 'option-invalid' });
    openSession({ placement: 'none' }).release();
  });

  const wrong: readonly (readonly [keyof TokenOptions, unknown])[] = [
    ['tokenUrl', ''],
    ['credentials', 'all'],
    ['tokenSource', '/api/tokens'],
    ['token', 7],
    ['stream', ''],
    ['placement', {}],
    ['origins', [7]],
    ['session', 7],
    ['dpop', 'no'],
    ['refreshLeadSeconds', 60_000],
    ['refreshLeadSeconds', NaN],
    ['refreshLeadSeconds', -5],
    ['refreshLeadSeconds', '60'],
    ['onTokenFailed', 'log'],
    ['signal', 'end'],
  ];
  for (const [name, value] of wrong)
    it(`are refused with ${name} as ${JSON.stringify(value)}, by name`, () => {
      const options = { tokenSource: source, [name]: value } as TokenOptions;
      assert.throws(
        () => openSession(options),
        ({ code, message, hint }: GatecastError) =>
          code === 'option-invalid' && message.includes(`"${name}"`) && hint.includes(`"${name}"`),
      );
    });

  it('are named in a message as the page names them', () => {
    for (const options of [{ origins: ['cdn.example'] }, { placement: 'queries' }])
      assert.throws(
        () => openSession({ tokenSource: source, ...options }),
        ({ message, hint }: GatecastError) => !`${message} ${hint}`.includes('token-'),
      );
  });

  it('are refused with a place or an origin that is none, and an error never shows its value', () => {
    for (const options of [
      { placement: 'queries:secret-7' },
      { origins: ['https://a.example/?key=secret-7'] },
    ])
      assert.throws(
        () => openSession({ tokenSource: source, ...options }),
        (error: GatecastError) => error.code === 'option-invalid' && !error.message.includes('secret-7'),
      );
  });
});
