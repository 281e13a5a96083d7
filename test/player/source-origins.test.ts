import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Authorizer, customSource, parsePlacement, TokenManager } from '@gatecast/token';
import { sourceAddresses } from '@gatecast/player/internal/source/describe-source';
import type { SourceEntry } from '@gatecast/player';
import { resolveSource, sourceFromUrl } from '@gatecast/player/internal/source/resolve-source';
import { FakeClock } from '../support/fake-clock.js';

const resolve = (address: SourceEntry) =>
  resolveSource(sourceFromUrl(address, 'show'), 'https://page.example/');

describe('the addresses of a source', () => {
  it('let the token of an address that a token response has signed be replaced by each later one', async () => {
    const signed = 'https://media.example/live/show.m3u8?token=first';
    const time = new FakeClock();
    let serial = 0;
    const expiresAt = Math.floor(time.wallMs / 1000) + 60;
    const source = customSource(() => Promise.resolve({ token: `token-${(serial += 1)}`, expiresAt }));
    const tokens = new TokenManager({ source, purpose: 'playback', clock: time.clock });
    const lease = tokens.lease({ streams: ['show'] });
    const authorizer = new Authorizer({
      tokens,
      placement: parsePlacement('query:token'),
      origins: sourceAddresses(resolve({ hls: signed })),
    });
    const urls = [];
    for (const ask of [() => tokens.get('show'), () => tokens.refresh('show')]) {
      const token = ask();
      await time.advance(20);
      await token;
      urls.push((await authorizer.authorize(signed, 'show')).url);
    }
    lease.release();
    const address = 'https://media.example/live/show.m3u8?token=';
    assert.deepEqual(urls, [`${address}token-1`, `${address}token-2`]);
  });

  it('are those of WHEP and HLS, with their queries', () => {
    const hls = 'https://media.example/live/show.m3u8?token=a';
    const whep = 'https://rtc.example/whep/show?token=b';
    assert.deepEqual(sourceAddresses(resolve({ hls, whep })), [hls, whep]);
  });
});
