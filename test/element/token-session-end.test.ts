import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventLog, TokenSession, type TokenSettings } from '@gatecast/element';
import type { TokenFunction } from '@gatecast/token';
// Loaded before, so that no test waits for it.
import '@gatecast/token/internal/source/read-access-end';

/** A session that passes another function with each render, as a page with a component framework may. */
function setUp(streams: readonly string[] = ['a']) {
  const world = {
    asked: [] as string[],
    off: new Set<string>(),
    ended: [] as unknown[],
    back: [] as unknown[],
  };
  const settings = (): TokenSettings => {
    const tokenSource: TokenFunction = ({ streams: asked, reason }) => {
      world.asked.push(`${asked.join()} ${reason}`);
      const headers = { 'Content-Type': 'application/problem+json' };
      if (asked.some((each) => world.off.has(each)))
        return new Response('{"code":"concurrent-limit"}', { status: 403, headers });
      const expiresAt = Math.floor(Date.now() / 1000) + 3600;
      const tokens = asked.map((stream) => ({ stream, token: `t${String(world.asked.length)}`, expiresAt }));
      return { tokens, serverTime: expiresAt - 3600 };
    };
    return { tokenUrl: null, tokenCredentials: 'same-origin', tokenSource, refreshLeadSeconds: 60 };
  };
  const session: TokenSession = new TokenSession({
    host: new EventTarget(),
    log: new EventLog(),
    purpose: 'playback',
    settings: settings(),
    streams,
    onRefreshed: (stream, reason) => world.back.push([stream, reason]),
    onEnded: ({ code }, isLast) => world.ended.push([code, isLast]),
  });
  const render = () => session.setSettings(settings(), false);
  const get = (stream = 'a') =>
    session.get(stream).then(
      () => 'token',
      () => 'none',
    );
  return { world, session, render, get };
}

describe('the token session of an element whose access has ended', () => {
  it('takes a new function without a request, and starts again only when the viewer or the page acts', async () => {
    const { world, session, render, get } = setUp();
    world.off.add('a');
    assert.equal(await get(), 'none');
    world.off.clear();
    for (let renders = 0; renders < 5; renders += 1) {
      assert.equal(render(), false);
      assert.equal(await get(), 'none');
    }
    assert.deepEqual(world.asked, ['a initial']);
    session.refreshFailed();
    assert.equal(await get(), 'token');
    assert.deepEqual(world.back, [['a', 'manual']]);
    session.release();
  });

  it('says whether a stream is left that may still play', async () => {
    const { world, session, get } = setUp(['high', 'low']);
    assert.deepEqual(await Promise.all([get('high'), get('low')]), ['token', 'token']);
    world.off.add('high');
    await session.refresh('high').catch(() => undefined);
    world.off.add('low');
    await session.refresh('low').catch(() => undefined);
    assert.deepEqual(world.ended, [
      ['concurrent-limit', false],
      ['concurrent-limit', true],
    ]);
    session.release();
  });
});
