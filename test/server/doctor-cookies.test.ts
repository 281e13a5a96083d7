import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { examine } from '../../packages/server/src/doctor/examine.js';
import { of, playlist } from './support/doctor-site.js';

/** Findings about the cookie of a token endpoint, with the hosts of a real site. */
async function about(
  cookie: string,
  { page = 'https://www.example.com', media = 'https://media.example.com', name = 'media' } = {},
) {
  const findings = await examine({
    url: `${media}/live/a.m3u8`,
    tokenUrl: 'https://api.example.com/tokens',
    pageOrigin: page,
    placement: 'cookie',
    fetch: (input) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      const headers = new Headers({
        'Access-Control-Allow-Origin': page,
        'Access-Control-Allow-Credentials': 'true',
        'Access-Control-Allow-Headers': 'content-type',
        'Cache-Control': 'no-store',
      });
      if (pathname === '/tokens') {
        headers.set('Set-Cookie', `${name}=sentinel; ${cookie}`);
        return Promise.resolve(Response.json({ tokens: [{ stream: 'a', cookie: true }] }, { headers }));
      }
      headers.set('Content-Type', 'application/vnd.apple.mpegurl');
      return Promise.resolve(new Response(`${playlist()}#EXT-X-ENDLIST\n`, { headers }));
    },
  });
  assert.ok(!JSON.stringify(findings).includes('sentinel'));
  const cookies = (level: 'fault' | 'warning') =>
    of(findings, level).filter((each) => each.includes('cookie "'));
  return { faults: cookies('fault'), warnings: cookies('warning') };
}

const SITE = 'Domain=example.com; Secure';
const OTHER = { page: 'https://www.other.example' };

describe('gatecast doctor, for cookies', () => {
  for (const sameSite of ['', '; SameSite=Lax', '; SameSite=Strict', '; SameSite=None'])
    it(`accepts a cookie of the page’s site${sameSite}`, async () => {
      assert.deepEqual(await about(`${SITE}${sameSite}`), { faults: [], warnings: [] });
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
    assert.deepEqual(await about(`${SITE}; SameSite=None; Partitioned`, OTHER), { faults: [], warnings: [] });
  });

  it('names prefixes whose conditions are not met', async () => {
    const named = async (name: string, attributes: string) =>
      (await about(attributes, { name })).faults.filter((each) => each.includes('its prefix needs'));
    assert.match((await named('__Secure-media', 'Domain=example.com')).join(), /prefix needs Secure\./);
    assert.match((await named('__Host-media', SITE)).join(), /prefix needs Path=\/, no Domain\./);
    assert.deepEqual(await named('__Secure-media', SITE), []);
  });
});
