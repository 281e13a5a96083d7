import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  Authorizer,
  customSource,
  parsePlacement,
  redactText,
  requestMedia,
  TokenManager,
} from '@gatecast/token';
import { EarlyRequests } from '@gatecast/player/internal/loading/early-requests';
import { FakeClock } from '../support/fake-clock.js';

const ORIGIN = 'https://cdn.example';
const PLACEMENTS = [
  'query:token',
  'header',
  'path:/t/{token}{path}',
  'path:/{token}{path}',
  'path:{dir}{token}/{file}',
  'path:{path};tok={token}',
];

/** An origin's answer to a request for a URL with this path. */
type Answer = (url: URL) => { url?: URL; text?: string };

function setUp(
  placement: string,
  answer: Answer,
  tokenOrigins: string[] = [],
  write = (serial: number) => `opaque+/${serial}~secret`,
) {
  const time = new FakeClock();
  let serial = 0;
  const source = customSource(async () => ({
    token: write((serial += 1)),
    expiresAt: Math.floor(time.wallMs / 1000) + 60,
  }));
  const tokens = new TokenManager({ source, purpose: 'playback', clock: time.clock });
  const lease = tokens.lease({ streams: ['a'] });
  const authorizer = new Authorizer({
    tokens,
    placement: parsePlacement(placement),
    origins: [ORIGIN, ...tokenOrigins],
  });
  const requested: string[] = [];
  const fetch: typeof globalThis.fetch = async (input) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    requested.push(url.href);
    url.hash = '';
    const given = answer(url);
    const response = new Response(given.text ?? '#EXTM3U');
    Object.defineProperty(response, 'url', { value: (given.url ?? url).href });
    return response;
  };
  const { signal } = new AbortController();
  /** Loads a playlist or a segment; `token` renews the token before. */
  const load = async (url: string, token: 'same' | 'new' = 'same') => {
    const refreshed = token === 'new' ? tokens.refresh('a') : tokens.get('a');
    await time.advance(20);
    await refreshed;
    return requestMedia(authorizer, { url, stream: 'a', responseType: 'text' }, { signal, fetch });
  };
  return {
    load,
    requested,
    lease,
    authorizer,
    signal,
    time,
    mints: () => serial,
    secret: () => write(serial),
  };
}

/** A token as the query contains it. */
const inQuery = (secret: string): string => encodeURIComponent(secret).replace(/%2F/g, '/');

/** How often a text contains a token of the page, in the way that placements write it. */
const tokensIn = (text: string): number => decodeURIComponent(text).split(/opaque\+\/\d+~secret/).length - 1;

describe('the address of an answer', () => {
  for (const placement of PLACEMENTS) {
    const isHeader = placement === 'header';

    it(`is that of the request for a src with a fragment (${placement})`, async () => {
      const { load, requested, lease } = setUp(placement, () => ({}));
      const src = `${ORIGIN}/live/a.m3u8?x=1#t=10`;
      const { url } = await load(src);
      assert.equal(url, src);
      await load(new URL('0.ts', url).href, 'new');
      assert.deepEqual(requested.map(tokensIn), isHeader ? [0, 0] : [1, 1]);
      lease.release();
    });

    it(`has no token after a redirect inside the origin (${placement})`, async () => {
      // It inserts a directory, wherever the token is.
      const moved = (url: URL) => ({ url: new URL(url.href.replace('/live/', '/moved/live/')) });
      const { load, requested, lease, secret } = setUp(placement, moved);
      const { url } = await load(`${ORIGIN}/live/a.m3u8`);
      assert.equal(tokensIn(url), 0);
      await load(new URL('0.ts', url).href, 'new');
      assert.deepEqual(requested.map(tokensIn), isHeader ? [0, 0] : [1, 1]);
      if (!isHeader) assert.ok(decodeURIComponent(requested[1] ?? '').includes(secret()));
      assert.ok(requested[1]?.includes('/moved/live/'));
      lease.release();
    });

    it(`is known although the URL of the request is written differently (${placement})`, async () => {
      const { load, requested, lease } = setUp(placement, () => ({}));
      const { url } = await load(`HTTPS://CDN.example:443/x/../live/a b.m3u8`);
      await load(new URL('0.ts', url).href, 'new');
      assert.deepEqual(requested.map(tokensIn), isHeader ? [0, 0] : [1, 1]);
      lease.release();
    });
  }
});

describe('a token in the playlist', () => {
  const playlist = (line: (token: string) => string) => (url: URL) => ({
    text: `#EXTM3U\n#EXT-X-MAP:URI="${line(tokenOf(url))}init.mp4"\n${line(tokenOf(url))}0.ts\n`,
  });
  /** The token of a request, as an origin would read it. */
  const tokenOf = (url: URL): string => /opaque[^/?&;]*~secret/.exec(url.href)?.[0] ?? 'none';

  it('is replaced in a path by the token of each later request', async () => {
    const { load, requested, lease, secret } = setUp(
      'path:/t/{token}{path}',
      playlist((token) => `/t/${token}/live/`),
    );
    const { data, url } = await load(`${ORIGIN}/live/a.m3u8`);
    const lines = String(data).split('\n');
    assert.equal(tokensIn(String(data)), 0);
    for (const child of [lines[2] ?? '', /"(.*)"/.exec(lines[1] ?? '')?.[1] ?? '']) {
      await load(new URL(child, url).href, 'new');
      const last = requested.at(-1) ?? '';
      assert.equal(decodeURIComponent(last).split(secret())[0], `${ORIGIN}/t/`);
      assert.equal(tokensIn(last), 1);
    }
    lease.release();
  });

  it('is replaced in the query by the token of each later request', async () => {
    const { load, requested, lease, secret } = setUp('query:token', () => ({
      text: `#EXTM3U\n0.ts?a=1&token=${encodeURIComponent(secret())}&b=2\n`,
    }));
    const { data, url } = await load(`${ORIGIN}/live/a.m3u8`);
    await load(new URL(String(data).split('\n')[1] ?? '', url).href, 'new');
    assert.equal(requested[1], `${ORIGIN}/live/0.ts?a=1&token=${inQuery(secret())}&b=2`);
    lease.release();
  });

  it('is replaced when another request has brought it, and after it has expired', async () => {
    const seen: string[] = [];
    const { load, requested, lease } = setUp('path:/t/{token}{path}', (url) => {
      seen.push(tokenOf(url));
      return { text: `#EXTM3U\n/t/${seen[0] ?? ''}/live/0.ts\n` };
    });
    await load(`${ORIGIN}/live/a.m3u8`);
    const { data, url } = await load(`${ORIGIN}/live/a.m3u8`, 'new');
    await load(new URL(String(data).split('\n')[1] ?? '', url).href, 'new');
    assert.notEqual(tokenOf(new URL(requested[2] ?? '')), seen[0]);
    assert.equal(tokensIn(requested[2] ?? ''), 1);
    lease.release();
  });

  it('stays in the addresses of other origins, which get no later one', async () => {
    const { load, lease, secret } = setUp('path:/t/{token}{path}', () => ({
      text: `#EXTM3U\nhttps://other.example/t/${encodeURIComponent(secret())}/0.ts\n0.ts\n`,
    }));
    const { data } = await load(`${ORIGIN}/live/a.m3u8`);
    const first = encodeURIComponent(secret());
    assert.equal(data, `#EXTM3U\nhttps://other.example/t/${first}/0.ts\n0.ts\n`);
    lease.release();
  });

  it('leaves values that are not ours as they are', async () => {
    const text = '#EXTM3U\n/t/someone-elses/live/0.ts\n0.ts?hdnts=another-value\n';
    for (const placement of PLACEMENTS) {
      const { load, lease } = setUp(placement, () => ({ text }));
      assert.equal((await load(`${ORIGIN}/live/a.m3u8`)).data, text);
      lease.release();
    }
  });

  it('is replaced in a playlist that came with the token', async () => {
    const { load, authorizer, signal, lease, secret } = setUp('path:/t/{token}{path}', () => ({}));
    await load(`${ORIGIN}/live/other.m3u8`);
    const early = new EarlyRequests(authorizer, signal);
    early.offerPlaylists({ '/live/a.m3u8': `#EXTM3U\n/t/${secret()}/live/0.ts\n` }, ORIGIN);
    const offered = await early.take(`${ORIGIN}/live/a.m3u8`);
    assert.equal(tokensIn(String(offered?.data)), 0);
    lease.release();
  });
});

describe('the query of a playlist that reads it (EXT-X-DEFINE:QUERYPARAM)', () => {
  const text = '#EXTM3U\n#EXT-X-DEFINE:QUERYPARAM="token"\n0.ts?token={$token}\n';
  /** What hls.js makes of it. */
  const childOf = (playlist: { data: unknown; url: string }): string => {
    const value = new URL(playlist.url).searchParams.get('token') ?? assert.fail('no such parameter');
    const line = String(playlist.data).split('\n')[2] ?? '';
    return new URL(line.replace('{$token}', value), playlist.url).href;
  };

  for (const write of [(serial: number) => `opaque+/${serial}~secret`, (serial: number) => `t${serial}`]) {
    it(`has a marker, which each request replaces by the token of its time: ${write(0)}`, async () => {
      const { load, requested, lease, secret } = setUp('query:token', () => ({ text }), [], write);
      const playlist = await load(`${ORIGIN}/live/a.m3u8?user=me`);
      assert.ok(!playlist.url.includes(inQuery(secret())), 'the engine gets the token');
      assert.equal(new URL(playlist.url).searchParams.get('user'), 'me');
      await load(childOf(playlist));
      assert.equal(requested.at(-1), `${ORIGIN}/live/0.ts?token=${inQuery(secret())}`);
      await load(childOf(playlist), 'new');
      assert.equal(requested.at(-1), `${ORIGIN}/live/0.ts?token=${inQuery(secret())}`);
      lease.release();
    });
  }

  it('is that of the answer after a redirect, also to another origin', async () => {
    const moved = (url: URL) => ({ text, url: new URL(`https://other.example/b.m3u8${url.search}&node=7`) });
    const { load, requested, lease, secret } = setUp('query:token', moved);
    const playlist = await load(`${ORIGIN}/live/a.m3u8`);
    assert.equal(new URL(playlist.url).searchParams.get('node'), '7');
    assert.equal(tokensIn(playlist.url), 0);
    await load(childOf(playlist));
    assert.ok(!requested.at(-1)?.includes(inQuery(secret())), 'another origin gets the token');
    lease.release();
  });

  it('is not shown by the text of an error', async () => {
    const { load, lease } = setUp('query:token', () => ({ text }));
    const { url } = await load(`${ORIGIN}/live/a.m3u8`);
    assert.equal(
      redactText(`no such parameter in "${url}"`),
      `no such parameter in "${ORIGIN}/live/a.m3u8?[redacted]"`,
    );
    assert.equal(redactText(`~${new URL(url).searchParams.get('token') ?? ''}~`), '~[redacted]~');
    lease.release();
  });
});

describe('a token of any length in an address', () => {
  const short = (serial: number) => `t${serial}`;

  it('is there once after a redirect inside the origin', async () => {
    const moved = (url: URL) => ({ url: new URL(url.href.replace('/live/', '/moved/live/')) });
    const { load, requested, lease } = setUp('path:/{token}{path}', moved, [], short);
    const { url } = await load(`${ORIGIN}/live/a.m3u8`);
    await load(new URL('0.ts', url).href, 'new');
    assert.equal(requested[1], `${ORIGIN}/t2/moved/live/0.ts`);
    lease.release();
  });

  it('is there once if the redirect or the playlist writes it with other escapes', async () => {
    const write = (serial: number) => `a/${serial}~b:c`;
    const { load, requested, lease } = setUp('path:/{token}{path}', () => ({}), [], write);
    await load(`${ORIGIN}/live/a.m3u8`);
    for (const written of ['a%2F1~b:c', 'a%2f1~b%3ac', '%61%2f1%7Eb:c'])
      await load(`${ORIGIN}/${written}/live/0.ts`);
    await load(`${ORIGIN}/a%2f1~b:c/live/0.ts`, 'new');
    assert.deepEqual(requested.slice(1, 4), Array(3).fill(`${ORIGIN}/a%2F1~b:c/live/0.ts`));
    assert.equal(requested[4], `${ORIGIN}/a%2F2~b:c/live/0.ts`);
    lease.release();
  });

  for (const [placement, first, second] of [
    ['path:/{token}{path}', '/t1/live/0.ts', '/t2/live/0.ts'],
    ['path:{dir}{token}/{file}', '/live/t1/0.ts', '/live/t2/0.ts'],
    ['path:{path};tok={token}', '/live/0.ts;tok=t1', '/live/0.ts;tok=t2'],
    ['query:token', '/live/0.ts?x=1&token=t1', '/live/0.ts?x=1&token=t2'],
  ] as const) {
    it(`is replaced where a playlist names it, long after its end (${placement})`, async () => {
      const { load, requested, lease, time } = setUp(placement, () => ({}), [], short);
      await load(`${ORIGIN}/live/a.m3u8`);
      await time.advance(30_000);
      await load(`${ORIGIN}${first}`, 'new');
      assert.equal(requested[1], `${ORIGIN}${second}`);
      lease.release();
    });
  }
});

describe('a value that the origin has written where the token would go', () => {
  for (const child of ['0.ts?token=of-the-origin', '0.ts?a=1&token=x&b=2', '0.ts?%74oken=%78']) {
    it(`stays, and its refusal costs no token: ${child}`, async () => {
      const { load, requested, lease, mints } = setUp('query:token', () => ({ text: '#EXTM3U' }));
      await load(`${ORIGIN}/live/a.m3u8`);
      await load(`${ORIGIN}/live/${child}`, 'same');
      assert.equal(requested[1], `${ORIGIN}/live/${child}`);
      assert.equal(mints(), 1);
      lease.release();
    });
  }

  it('is replaced when it is empty, and in an address of the page', async () => {
    const { load, requested, lease, secret } = setUp('query:token', () => ({}), [
      `${ORIGIN}/live/a.m3u8?x=1&token=of-the-page`,
    ]);
    await load(`${ORIGIN}/live/a.m3u8?x=1&token=of-the-page`);
    await load(`${ORIGIN}/live/0.ts?token=`);
    assert.deepEqual(requested, [
      `${ORIGIN}/live/a.m3u8?x=1&token=${inQuery(secret())}`,
      `${ORIGIN}/live/0.ts?token=${inQuery(secret())}`,
    ]);
    lease.release();
  });
});

describe('an address of the page that contains the token already', () => {
  it('does not get it twice in the path', async () => {
    const { load, requested, lease, secret } = setUp('path:/t/{token}{path}', () => ({}));
    await load(`${ORIGIN}/live/other.m3u8`);
    await load(`${ORIGIN}/t/${encodeURIComponent(secret())}/live/a.m3u8`);
    assert.equal(requested[1], `${ORIGIN}/t/${encodeURIComponent(secret())}/live/a.m3u8`);
    lease.release();
  });
});

describe('an error of a request', () => {
  for (const placement of PLACEMENTS) {
    it(`shows no token of the address that the playlist named (${placement})`, async () => {
      const { load, lease, secret, time } = setUp(placement, (url) => {
        if (url.pathname.endsWith('.ts')) throw new TypeError(`cannot load ${url.href}`);
        return { text: `#EXTM3U\n/t/${encodeURIComponent(secret())}/live/0.ts\n` };
      });
      const { data, url } = await load(`${ORIGIN}/live/a.m3u8`);
      const child = new URL(String(data).split('\n')[1] ?? '', url).href;
      const failed = load(child).catch((thrown: unknown) => thrown);
      // The browser may have hidden a refusal, so another token is requested.
      for (let turns = 0; turns < 20; turns += 1) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        await time.advance(20);
      }
      const error = await failed;
      assert.ok(error instanceof Error);
      const shown = `${error.stack ?? ''} ${JSON.stringify(error)} ${String(error.cause)}`;
      assert.ok(shown.includes('/live/0.ts'));
      assert.equal(tokensIn(shown), 0);
      lease.release();
    });
  }
});
