import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { examine, hideSentinels, hosts, of, playlist } from './support/doctor-site.js';

/** Findings about the cookie of a token endpoint, with the hosts of a real site. */
async function about(
  cookie: string,
  {
    page = 'https://www.example.com',
    media = 'https://media.example.com',
    name = 'media',
    endpoint = 'https://api.example.com/tokens',
    others = [] as string[],
  } = {},
) {
  const sent: Record<string, string | null> = {};
  const findings = await examine({
    url: `${media}/live/a.m3u8`,
    tokenUrl: endpoint,
    pageOrigin: page,
    placement: 'cookie',
    fetch: hosts((url, init) => {
      const { pathname } = new URL(url);
      const headers = new Headers({
        'Access-Control-Allow-Origin': page,
        'Access-Control-Allow-Credentials': 'true',
        'Access-Control-Allow-Headers': 'content-type',
        'Cache-Control': 'no-store',
      });
      if (pathname === new URL(endpoint).pathname) {
        headers.set('Set-Cookie', `${name}=sentinel; ${cookie}`);
        for (const other of others) headers.append('Set-Cookie', other);
        return Response.json({ tokens: [{ stream: 'a', cookie: true }] }, { headers });
      }
      sent[pathname] ??= new Headers(init.headers).get('Cookie');
      headers.set('Content-Type', 'application/vnd.apple.mpegurl');
      return new Response(`${playlist()}#EXT-X-ENDLIST\n`, { headers });
    }),
  });
  hideSentinels(findings);
  const cookies = (level: 'fault' | 'warning') =>
    of(findings, level).filter((each) => each.includes('cookie "'));
  return { faults: cookies('fault'), warnings: cookies('warning'), sent };
}

const SITE = 'Domain=example.com; Secure';
const OTHER = { page: 'https://www.other.example' };

describe('gatecast doctor, for cookies', () => {
  for (const sameSite of ['', '; SameSite=Lax', '; SameSite=Strict', '; SameSite=None'])
    it(`accepts a cookie of the page’s site${sameSite}`, async () => {
      const { faults, warnings } = await about(`${SITE}${sameSite}`);
      assert.deepEqual([...faults, ...warnings], []);
    });

  const cases: [cookie: string, at: Parameters<typeof about>[1], words: RegExp][] = [
    [
      SITE,
      OTHER,
      /is SameSite=Lax, the default, and the page is on another site.*SameSite=None; Secure; Partitioned/,
    ],
    [`${SITE}; SameSite=Lax`, OTHER, /is SameSite=lax, and the page is on another site/],
    [`${SITE}; SameSite=Strict`, OTHER, /is SameSite=strict/],
    ['Domain=example.com; SameSite=None', OTHER, /SameSite=None needs Secure/],
    ['Domain=example.com; Partitioned', {}, /Partitioned needs Secure/],
    ['Secure', {}, /is for api\.example\.com and does not go to media\.example\.com/],
    ['Domain=other.example; Secure', {}, /may not set one for other\.example/],
    [SITE, { media: 'http://media.example.com' }, /is Secure, and the media are loaded over http/],
  ];
  for (const [cookie, at, words] of cases)
    it(`names what is wrong with ${cookie}${at === OTHER ? ' for a page of another site' : ''}`, async () => {
      const { faults } = await about(cookie, at);
      assert.equal(faults.length, 1, faults.join('\n'));
      assert.match(faults[0] ?? '', words);
    });

  it('warns about a third-party cookie that is not partitioned', async () => {
    const plain = await about(`${SITE}; SameSite=None`, OTHER);
    assert.deepEqual(plain.faults, []);
    assert.match(plain.warnings.join(), /third-party cookie without Partitioned.*Add Partitioned/);
    const { faults, warnings } = await about(`${SITE}; SameSite=None; Partitioned`, OTHER);
    assert.deepEqual([...faults, ...warnings], []);
  });

  it('names prefixes whose conditions are not met', async () => {
    const named = async (name: string, attributes: string) =>
      (await about(attributes, { name })).faults.filter((each) => each.includes('its prefix needs'));
    assert.match((await named('__Secure-media', 'Domain=example.com')).join(), /prefix needs Secure\./);
    assert.match((await named('__Host-media', SITE)).join(), /prefix needs Path=\/, no Domain\./);
    assert.deepEqual(await named('__Secure-media', SITE), []);
  });

  const paths: [path: string, endpoint: string, isSent: boolean][] = [
    ['', '/tokens', true],
    ['', '/api/tokens', false],
    ['', '/live/tokens', true],
    ['; Path=/', '/api/tokens', true],
    ['; Path=/live', '/api/tokens', true],
    ['; Path=/live/', '/api/tokens', true],
    ['; Path=/li', '/api/tokens', false],
    ['; Path=/live/a', '/api/tokens', false],
    ['; Path=live', '/live/tokens', true],
    ['; Path=live', '/api/tokens', false],
  ];
  for (const [path, endpoint, isSent] of paths)
    it(`${isSent ? 'sends' : 'does not send'} a cookie of ${endpoint}${path || ' without Path'} to the media`, async () => {
      const { faults, sent } = await about(`${SITE}${path}`, {
        endpoint: `https://api.example.com${endpoint}`,
      });
      assert.equal(sent['/live/a.m3u8'], isSent ? 'media=sentinel' : null);
      if (isSent) assert.deepEqual(faults, []);
      else
        assert.match(
          faults.join('\n'),
          /cookie "media" has (?:no Path|a Path that the media are not below).*Set Path=\//,
        );
    });

  it('ignores cookies for other requests if one reaches the media', async () => {
    const balancer = ['AWSALB=sentinel; Path=/', 'AWSALBCORS=sentinel; Path=/; Secure; SameSite=None'];
    const fine = await about(SITE, { others: balancer });
    assert.deepEqual([...fine.faults, ...fine.warnings], []);
    assert.equal(fine.sent['/live/a.m3u8'], 'media=sentinel');
    const broken = await about('Secure', { others: balancer });
    assert.match(broken.faults.join('\n'), /"media" is for api\.example\.com/);
    // One that the browser refuses may be the one that the media need.
    const refused = await about(SITE, { others: ['other=sentinel; SameSite=None; Domain=example.com'] });
    assert.deepEqual(refused.faults, []);
    assert.match(
      refused.warnings.join('\n'),
      /refuses the cookie "other", because SameSite=None needs Secure/,
    );
  });

  it('says why for each name, also for one that looks like a secret’s', async () => {
    for (const name of ['media-token', 'cdn_signature', 'jwt', 'cookie', 'x-api-key', '__Host-token']) {
      const words = async (attributes: string) => (await about(attributes, { name })).faults.join('\n');
      const foreign = await words('Domain=other.example; Secure; Path=/');
      assert.match(foreign, /may not set one for other\.example/);
      assert.match(await words('Domain=example.com; SameSite=None'), /SameSite=None needs Secure/);
      assert.match(await words('Domain=example.com; Partitioned'), /Partitioned needs Secure/);
      assert.match(await words('Secure; Path=/'), /is for api\.example\.com and does not go/);
      if (name.startsWith('__')) assert.match(foreign, /its prefix needs no Domain/);
    }
  });
});
