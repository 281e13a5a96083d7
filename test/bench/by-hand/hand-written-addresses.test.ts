import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addFields } from './add-fields.js';
import { endOf as endOfJwt } from './pages/jwt-entry.js';
import { putBeforePath } from './pages/path-prefix.js';
import { putInPath } from './pages/path-segment.js';
import { endOf as endOfPolicy } from './pages/policy-entry.js';
import { endOf } from './pages/signed-entry.js';

const origin = 'https://media.example.com';

describe('addresses of the hand-written pages', () => {
  it('get query fields after their own, with the values as signed', () => {
    const fields = { md5: 'a-b_', hash: 'x%3D=' };
    assert.equal(addFields(`${origin}/a.m3u8`, fields), `${origin}/a.m3u8?md5=a-b_&hash=x%3D=`);
    assert.equal(
      addFields(`${origin}/a.m3u8?_HLS_msn=1`, { token: 'x' }),
      `${origin}/a.m3u8?_HLS_msn=1&token=x`,
    );
  });

  it('get one token in the path, also those that have an older one', () => {
    const fresh = `${origin}/eyJb.c.d/manifest/video.m3u8?a=/demo/`;
    assert.equal(putInPath(`${origin}/demo/manifest/video.m3u8?a=/demo/`, 'demo', 'eyJb.c.d'), fresh);
    assert.equal(putInPath(`${origin}/eyJa.b.c/manifest/video.m3u8?a=/demo/`, 'demo', 'eyJb.c.d'), fresh);
  });

  it('get one token before the path, also those that have an older one', () => {
    const fresh = `${origin}/bcdn_token=new&expires=2/demo/1.ts?a=1`;
    for (const path of ['/demo/1.ts?a=1', '/bcdn_token=old&expires=1/demo/1.ts?a=1'])
      assert.equal(putBeforePath(origin + path, '/bcdn_token=new&expires=2/'), fresh);
  });

  it('show their end', () => {
    const addresses = [
      'Expires=1795927170&Key-Pair-Id=K2&Signature=x',
      'hdntl=exp=1795927170~acl=/live/*~hmac=0',
      'edge-cache-token=PathGlobs=/live/*~Expires=1795927170~Signature=x',
    ];
    for (const query of addresses) assert.equal(endOf(`${origin}/1.m4s?${query}`), 1795927170, query);
    assert.equal(endOf(`${origin}/1.m4s`), Infinity);
    const payload = Buffer.from(JSON.stringify({ exp: 1795927170, sub: '\u00ff\u00fe?>' })).toString(
      'base64url',
    );
    assert.equal(endOfJwt(`${origin}/1.m4s?a=1&token=e30.${payload}.x&b=2`), 1795927170);
    assert.equal(endOfJwt(`${origin}/1.m4s`), Infinity);
    const policy = Buffer.from(JSON.stringify({ url_expire: 1795927170000 })).toString('base64url');
    assert.equal(endOfPolicy(`${origin}/1.m4s?policy=${policy}&signature=x`), 1795927170);
    assert.equal(endOfPolicy(`${origin}/1.m4s`), Infinity);
  });
});
