import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { secureLinkIssuer, type SecureLinkIssuerOptions } from '@gatecast/server';
import { issue } from '../support/scheme-kit.js';
import { startNginx, withoutNginx } from '../support/nginx-server.js';

const options = {
  preset: 'nginx',
  secret: 'link-secret',
  path: '/live/{stream}/',
} satisfies SecureLinkIssuerOptions;

/** As the documentation of the issuer has it. */
const LOCATIONS = `
  location ~ ^(?<path>/live/[^/]+/) {
    secure_link $arg_md5,$arg_expires;
    secure_link_md5 "$secure_link_expires$path link-secret";
    if ($secure_link = "") { return 403; }
    if ($secure_link = "0") { return 410; }
    return 204;
  }
  location ~ ^(?<path>/bound/[^/]+/) {
    secure_link $arg_st,$arg_e;
    secure_link_md5 "$secure_link_expires$path$remote_addr link-secret";
    if ($secure_link = "") { return 403; }
    return 204;
  }`;

describe('secureLinkIssuer with nginx', { skip: withoutNginx }, () => {
  let nginx: Awaited<ReturnType<typeof startNginx>>;
  before(async () => {
    nginx = await startNginx(LOCATIONS);
  });
  after(() => nginx.stop());

  const statusOf = async (path: string, query: Readonly<Record<string, string>> = {}) => {
    const pairs = Object.entries(query).map(([name, value]) => `${name}=${value}`);
    return (await fetch(`${nginx.origin}${path}?${pairs.join('&')}`)).status;
  };

  it('opens every file of the stream, and nothing else', async () => {
    const { query = {} } = await issue(secureLinkIssuer(options));
    assert.equal(await statusOf('/live/abc/index.m3u8', query), 204);
    assert.equal(await statusOf('/live/abc/low/1.ts', query), 204);
    assert.equal(await statusOf('/live/abd/index.m3u8', query), 403);
    assert.equal(await statusOf('/live/abc/index.m3u8'), 403);
    const longer = { ...query, expires: String(Number(query['expires']) + 60) };
    assert.equal(await statusOf('/live/abc/index.m3u8', longer), 403);
  });

  it('opens a stream whose name needs encoding', async () => {
    const { query } = await issue(secureLinkIssuer(options), 'Käse & Brot 100%;"+');
    const name = encodeURIComponent('Käse & Brot 100%;"+');
    assert.equal(await statusOf(`/live/${name}/1.ts`, query), 204);
    assert.equal(await statusOf('/live/K%C3%A4se/1.ts', query), 403);
  });

  it('ends on the second that it says', async () => {
    const { query } = await issue(secureLinkIssuer({ ...options, now: () => Date.now() - 301_000 }));
    assert.equal(await statusOf('/live/abc/1.ts', query), 410);
  });

  it('binds the token to the address of the viewer with $remote_addr', async () => {
    const issuer = secureLinkIssuer({
      ...options,
      path: '/bound/{stream}/',
      hashArgument: 'st',
      expiresArgument: 'e',
      expression: '$secure_link_expires$path$remote_addr $secret',
    });
    const own = await issue(issuer, 'abc', { restrictions: { ip: '127.0.0.1' } });
    assert.equal(await statusOf('/bound/abc/1.ts', own.query), 204);
    const other = await issue(issuer, 'abc', { restrictions: { ip: '192.0.2.7' } });
    assert.equal(await statusOf('/bound/abc/1.ts', other.query), 403);
  });
});
