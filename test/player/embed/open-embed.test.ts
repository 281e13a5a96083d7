import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { SecureErrorEvent } from '@gatecast/element';
import { customSource, GatecastError, type TokenRequest } from '@gatecast/token';
import { FakeFrame, HOST, HostPort, MEDIA, type FrameOptions } from './support/fake-frame.js';

let frame: FakeFrame;

function open(options: FrameOptions = {}): FakeFrame {
  return (frame = new FakeFrame(options));
}

afterEach(() => {
  frame.close();
  assert.equal(frame.time.timerCount, 0);
  assert.equal(frame.time.clock.pending, 0);
});

const request: TokenRequest = { purpose: 'playback', streams: ['a'], reason: 'initial' };
const { signal } = new AbortController();

/** The player asks for a token. */
const ask = (options: { signal: AbortSignal } = { signal }) => {
  const { tokenSource } = frame.player;
  assert.ok(tokenSource);
  return customSource(tokenSource).request(request, options);
};

describe('an embed page', () => {
  it('plays what its address names when an allowed page has connected', async () => {
    const { player, closed } = open({ search: '?src=/live/a.m3u8&stream=a-1&token=ignored' });
    assert.deepEqual([player.src, player.tokenSource], ['', null]);
    const host = new HostPort(frame);
    assert.deepEqual([player.src, player.stream], [`${MEDIA}/live/a.m3u8`, 'a-1']);
    assert.deepEqual(closed, [null]);
    assert.deepEqual(await host.next('connected'), { type: 'connected', version: 1 });
    assert.equal((await host.next('state'))['type'], 'state');
  });

  it('does nothing for a page that is not allowed, whatever it sends', () => {
    const { player, closed, parent } = open();
    for (const origin of ['https://evil.example', 'null', '', `${HOST}.evil.example`, `${HOST}:8443`])
      new HostPort(frame, {}, origin);
    // Another window of an allowed page.
    new HostPort(frame, {}, HOST, {});
    frame.post({ gatecast: 'embed', type: 'connect', version: 1 }, [], HOST, parent);
    frame.post('connect', [], HOST, parent);
    frame.post(null, [], HOST, parent);
    assert.deepEqual([player.src, player.tokenSource], ['', null]);
    assert.ok(closed.length > 0 && closed.every((error) => error?.code === 'option-invalid'));
  });

  for (const [name, options, hint] of [
    ['at the top', { isTop: true }, /iframe/],
    ['in a sandbox without origin', { origin: 'null' }, /allow-same-origin/],
    ['with a stranger further up', { ancestorOrigins: [HOST, 'https://evil.example'] }, /allowedParents/],
    ['that allows nobody', { config: { allowedParents: [] } }, /allowedParents/],
    ['within a frame that the browser hides', { ancestorOrigins: undefined, isNested: true }, /itself/],
    ['with a mistake in its configuration', { config: { allowedParent: [HOST] } }, /allowedParents/],
  ] as const)
    it(`stays closed ${name}`, () => {
      const { player, closed }: FakeFrame = open(options);
      new HostPort(frame);
      assert.deepEqual([player.src, player.tokenSource], ['', null]);
      assert.equal(closed.length, 1);
      assert.match(closed[0]?.hint ?? '', hint);
    });

  it('connects in browsers that do not list the pages around it', async () => {
    open({ ancestorOrigins: undefined });
    await new HostPort(frame).next('connected');
  });

  it('says after ten seconds that no page has connected, and still takes one later', async () => {
    const { time, closed, player } = open();
    await time.advance(9000);
    assert.equal(closed.length, 0);
    await time.advance(1000);
    assert.deepEqual(
      closed.map((error) => error?.code),
      ['token-source-missing'],
    );
    assert.match(closed[0]?.hint ?? '', /connectEmbed/);
    await new HostPort(frame).next('connected');
    assert.deepEqual([closed[1], player.src], [null, `${MEDIA}/live/a.m3u8`]);
  });

  it('refuses a stream of its address that it does not allow', async () => {
    const { player, closed } = open({ search: '?src=https://evil.example/live/a.m3u8' });
    const host = new HostPort(frame);
    assert.equal((await host.next('error'))['type'], 'error');
    assert.deepEqual([player.src, player.tokenSource], ['', null], 'and asks for no token');
    assert.equal(closed[0]?.code, 'source-origin-not-allowed');
    host.send({ type: 'command', id: 1, command: { name: 'load', src: '/live/b.m3u8' } });
    await host.next('result');
    assert.equal(player.src, `${MEDIA}/live/b.m3u8`);
    assert.ok(player.tokenSource);
    assert.equal(closed.at(-1), null, 'and is shown again');
  });

  it('tells a page that connects later what was wrong before', async () => {
    const config = { tokenUrl: '/api/tokens' };
    const { closed } = open({ config, search: '?src=https://evil.example/live/a.m3u8' });
    assert.equal(closed[0]?.code, 'source-origin-not-allowed');
    const { problem } = await new HostPort(frame).next('error');
    assert.match(JSON.stringify(problem), /source-origin-not-allowed/);
  });

  it('plays WHEP first if its address names it, too, as far as it allows both', async () => {
    const rtc = 'https://rtc.example';
    const config = { allowedSources: ['/live/', `${rtc}/whep/`] };
    const search = `?src=/live/a.m3u8&whep=${rtc}/whep/a&stream=a-1`;
    const { player } = open({ config, search });
    const host = new HostPort(frame);
    await host.next('connected');
    assert.deepEqual(player.source, {
      entries: [{ whep: `${rtc}/whep/a`, hls: `${MEDIA}/live/a.m3u8`, stream: 'a-1' }],
    });
    const load = (id: number, command: object) => {
      host.send({ type: 'command', id, command: { name: 'load', ...command } });
      return host.next('result', id - 1);
    };
    await load(1, { src: '/live/b.m3u8' });
    assert.deepEqual([player.src, player.source], [`${MEDIA}/live/b.m3u8`, null]);
    for (const [index, refused] of [
      { src: '/live/c.m3u8', whep: 'https://evil.example/whep/c' },
      { src: '/live/c.m3u8', whep: `${rtc}/whep/..;/admin` },
      { src: 'https://evil.example/c.m3u8', whep: `${rtc}/whep/c` },
    ].entries()) {
      const { problem } = await load(index + 2, refused);
      assert.match(JSON.stringify(problem), /source-origin-not-allowed/);
      assert.deepEqual([player.src, player.source], [`${MEDIA}/live/b.m3u8`, null]);
    }
    await load(5, { whep: `${rtc}/whep/d` });
    assert.deepEqual(player.source, { entries: [{ whep: `${rtc}/whep/d`, stream: undefined }] });
  });

  it('takes a message of the page around it where the browser hides its origin', async () => {
    const config = { tokenUrl: '/api/tokens' };
    const { player, closed } = open({ config, ancestorOrigins: ['null'] });
    assert.deepEqual([player.tokenUrl, player.src, closed], ['', '', []]);
    new HostPort(frame, {}, 'null');
    assert.deepEqual([player.tokenUrl, closed[0]?.code], ['', 'option-invalid']);
    await new HostPort(frame).next('connected');
    assert.equal(player.tokenUrl, '/api/tokens');
    frame.close();
    const { closed: nested } = open({ config, ancestorOrigins: [HOST, 'null'], isNested: true });
    assert.match(nested[0]?.hint ?? '', /referrerpolicy/);
  });

  it('reports few strangers', () => {
    const { closed } = open();
    for (let count = 0; count < 100; count += 1)
      new HostPort(frame, {}, `https://${String(count % 9)}.example`);
    assert.equal(closed.length, 3);
  });

  it('refuses another version', async () => {
    open();
    assert.deepEqual(await new HostPort(frame, { version: 2 }).next('version-refused'), {
      ...{ type: 'version-refused', version: 1 },
    });
    assert.equal(frame.player.tokenSource, null);
  });

  it('has a token endpoint of its own, for cookies', async () => {
    const config = { tokenUrl: '/api/tokens' };
    const { player } = open({ config });
    assert.deepEqual(
      [player.tokenUrl, player.tokenCredentials, player.src],
      ['/api/tokens', 'include', `${MEDIA}/live/a.m3u8`],
    );
    frame.close();
    // Only a message shows that the page around it is allowed.
    open({ config, ancestorOrigins: undefined });
    assert.equal(frame.player.tokenUrl, '');
    await new HostPort(frame).next('connected');
    assert.deepEqual([frame.player.tokenUrl, frame.player.tokenSource], ['/api/tokens', null]);
  });
});

describe('tokens of an embed page', () => {
  it('come from the page around it', async () => {
    open();
    const host = new HostPort(frame, { perStream: true });
    assert.equal(frame.player.tokenSource?.perStream, true);
    const asked = ask();
    const { id, ...sent } = await host.next('token-request');
    assert.deepEqual(sent, { type: 'token-request', ...request });
    // Of another request.
    host.send({ type: 'token-response', id: 99, status: 200, body: 'wrong' });
    host.send({ type: 'token-response', id, status: 200, body: '{"token":"opaque"}' });
    assert.deepEqual(await asked, { token: 'opaque' });
  });

  const answered = (body: string, config = {}, contentType = 'application/json') => {
    open({ config });
    const host = new HostPort(frame);
    const asked = ask();
    return host.next('token-request').then(({ id }) => {
      host.send({ type: 'token-response', id, status: 200, body, contentType });
      return asked;
    });
  };
  const evil = 'https://evil.example/a.m3u8';
  const item = { stream: 'a', token: 'opaque' };

  for (const [name, answer, code] of [
    ['an address', { url: evil }, 'source-origin-not-allowed'],
    ['an address below another folder', { url: '/private/a.m3u8' }, 'source-origin-not-allowed'],
    ['an address of an item', { tokens: [{ ...item, url: evil }] }, 'source-origin-not-allowed'],
    ['a wrapped address', { success: true, data: { h5live: { url: evil } } }, 'source-origin-not-allowed'],
    ['a folder', { tokens: [{ ...item, path: '/private/' }] }, 'source-origin-not-allowed'],
    ['a segment out of the folder', { tokens: [{ ...item, path: '..;/b' }] }, 'source-origin-not-allowed'],
    ['a header', { tokens: [{ ...item, headers: { 'X-CSRF': 'forged' } }] }, 'token-response-invalid'],
    ['dot segments as the token', { token: '../b' }, 'token-response-invalid'],
  ] as const)
    it(`may not have ${name} that the embed page does not allow`, async () => {
      await assert.rejects(answered(JSON.stringify(answer)), { code, retryable: false });
    });

  it('may have what the embed page allows, and no playlists', async () => {
    const headers = { Authorization: 'Bearer x', 'X-Signature': 'y' };
    const url = `${MEDIA}/live/a.m3u8?sig=%41`;
    const tokens = [{ ...item, url, headers, path: 'a~sig' }];
    const more = { media: [{ url: evil }], playlists: { [`${MEDIA}/live/a.m3u8`]: evil } };
    const answer = await answered(JSON.stringify({ tokens, url, ...more }), {
      allowedHeaders: ['x-signature'],
    });
    assert.deepEqual(answer, { tokens, url });
  });

  it('are never read as media, nor twice', async () => {
    const part = `\r\n--x\r\nContent-Type: application/json\r\n\r\n{"url":"${evil}"}\r\n--x--`;
    assert.equal(await answered(part, {}, 'multipart/mixed; boundary=x'), part.trim());
    frame.close();
    const read = answered(`\uFEFF{"url":"${evil}"}`);
    await assert.rejects(read, { code: 'source-origin-not-allowed' });
    frame.close();
    assert.ok(Array.isArray(await answered(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)));
  });

  it('may not put another folder in the place of a stream', async () => {
    open({ search: '?src=/live/a.m3u8&stream=live' });
    const host = new HostPort(frame);
    const { tokenSource } = frame.player;
    assert.ok(tokenSource);
    const asked = Promise.resolve(tokenSource({ ...request, streams: ['live'] }, { signal }));
    const { id } = await host.next('token-request');
    const body = JSON.stringify({ token: 'opaque', path: 'private' });
    host.send({ type: 'token-response', id, status: 200, body });
    await assert.rejects(asked, { code: 'source-origin-not-allowed' });
  });

  for (const [status, body, code] of [
    [403, '{"code":"revoked","reason":"Signed out."}', 'revoked'],
    [403, '{"code":"concurrent-limit"}', 'concurrent-limit'],
    [403, '{"code":"moved"}', 'moved'],
    [401, '', 'token-refused'],
    [503, '', 'token-endpoint-failed'],
    [404, '', 'token-endpoint-failed'],
    [204, '', 'token-endpoint-failed'],
    [302, '', 'token-endpoint-failed'],
    [200, '{', 'token-response-invalid'],
    [0, '', 'token-source-failed'],
  ] as const)
    it(`are refused with ${code} for ${String(status)} ${body}`, async () => {
      open();
      const host = new HostPort(frame);
      const asked = ask();
      const { id } = await host.next('token-request');
      const contentType = 'application/problem+json';
      host.send({ type: 'token-response', id, status, body, contentType, retryAfter: '7\r\n' });
      await assert.rejects(asked, (error: GatecastError) => {
        assert.equal(error.code, code);
        if (code === 'revoked') assert.equal(error.reason, 'Signed out.');
        return true;
      });
    });

  it('fail at once with a response of another form', async () => {
    open();
    const host = new HostPort(frame);
    const asked = ask();
    const { id } = await host.next('token-request');
    host.send({ type: 'token-response', id, status: 'ok' });
    await assert.rejects(asked, { code: 'token-source-failed', retryable: true });
  });

  it('are requested again from a page that connects again', async () => {
    open();
    new HostPort(frame);
    const asked = ask();
    const host = new HostPort(frame);
    const { id } = await host.next('token-request');
    host.send({ type: 'token-response', id, status: 200, body: 'opaque', contentType: 'text/plain' });
    assert.equal(await asked, 'opaque');
  });

  it('fail with a hint when the page does not respond', async () => {
    const { time } = open();
    const host = new HostPort(frame);
    const { tokenSource } = frame.player;
    assert.ok(tokenSource);
    const asked = Promise.resolve(tokenSource(request, { signal }));
    const { id } = await host.next('token-request');
    const failed = assert.rejects(asked, {
      code: 'token-source-failed',
      retryable: true,
      hint: /tokenSource/,
    });
    await time.advance(30_000);
    await failed;
    assert.deepEqual(await host.next('token-cancel'), { type: 'token-cancel', id });
  });

  it('are not waited for by a player that has left', async () => {
    open();
    const host = new HostPort(frame);
    const left = new AbortController();
    const asked = ask({ signal: left.signal });
    const { id } = await host.next('token-request');
    left.abort(new DOMException('Left.', 'AbortError'));
    await assert.rejects(asked, { name: 'AbortError' });
    assert.deepEqual(await host.next('token-cancel'), { type: 'token-cancel', id });
  });
});

describe('control of an embed page', () => {
  it('plays, pauses, mutes and refreshes', async () => {
    const { player } = open();
    const host = new HostPort(frame);
    const commands = [
      ...[{ name: 'play' }, { name: 'set-muted', muted: true }, { name: 'refresh-token', stream: 'a' }],
      ...[{ name: 'pause' }, { name: 'load', src: '/live/b.m3u8' }],
    ];
    for (const [id, command] of commands.entries()) {
      host.send({ type: 'command', id, command });
      assert.deepEqual(await host.next('result', id), { type: 'result', id, problem: null });
    }
    assert.deepEqual([player.paused, player.muted, player.calls], [true, true, ['refresh a']]);
    assert.deepEqual([player.src, player.stream], [`${MEDIA}/live/b.m3u8`, '']);
    const states = host.messages.filter(({ type }) => type === 'state');
    assert.equal(states.length, 3);
  });

  it('says why a command failed, without what an error of the browser says', async () => {
    const { player } = open();
    player.playError = new DOMException(
      'play() of https://media.example.com/?token=secret',
      'NotAllowedError',
    );
    const host = new HostPort(frame);
    host.send({ type: 'command', id: 1, command: { name: 'play' } });
    host.send({ type: 'command', id: 2, command: { name: 'load', src: 'https://evil.example/a.m3u8' } });
    const [play, load] = [await host.next('result'), await host.next('result', 1)];
    assert.match(JSON.stringify(play), /NotAllowedError.*allow=\\"autoplay/);
    assert.match(JSON.stringify(load), /source-origin-not-allowed/);
    assert.ok(!JSON.stringify(host.messages).includes('secret'));
    assert.equal(player.src, `${MEDIA}/live/a.m3u8`);
  });

  it('reports errors, and nothing to a page that was replaced', async () => {
    const { player } = open();
    const first = new HostPort(frame);
    await first.next('state');
    const second = new HostPort(frame);
    await first.next('disconnected');
    player.dispatchEvent(
      new SecureErrorEvent(
        new GatecastError('revoked', 'Ended.', { hint: 'Wait.', status: 403, reason: 'Why' }),
      ),
    );
    assert.deepEqual(await second.next('error'), {
      type: 'error',
      problem: { code: 'revoked', message: 'Ended.', hint: 'Wait.', retryable: false, status: 403 },
    });
    assert.ok(!first.messages.some(({ type }) => type === 'error'));
  });
});
