import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plainAddresses, withAddedData } from '@gatecast/player/internal/engine/hls/plain-addresses';
import type {
  HlsConfig,
  Loader,
  LoaderCallbacks,
  LoaderConfiguration,
  LoaderContext,
  LoaderStats,
  PlaylistLoaderContext,
} from 'hls.js';

abstract class TestLoader implements Loader<LoaderContext> {
  context = null;
  stats = {} as LoaderStats;
  abstract load(...options: Parameters<Loader<LoaderContext>['load']>): void;
  abort(): void {
    // It has no requests.
  }
  destroy(): void {
    // It has no requests.
  }
}

/** What a loader of the player gets, and what it sends, when hls.js adds CMCD to a request as its controller does. */
function request(url: string): { given: string; sent: string } {
  let given = '';
  let sent = '';
  const Sender = plainAddresses.restore(
    class extends TestLoader {
      load(context: LoaderContext): void {
        given = context.url;
        sent = withAddedData(context.url, context);
      }
    },
  );
  const config: Pick<HlsConfig, 'pLoader'> = {
    pLoader: class extends TestLoader {
      override load(...options: Parameters<Loader<LoaderContext>['load']>): void {
        const [context] = options;
        const address = new URL(context.url);
        address.searchParams.set('CMCD', 'bl=2000,sid="x"');
        context.url = address.href;
        new Sender().load(...options);
      }
    },
  };
  plainAddresses.keep(config);
  const { pLoader: CmcdLoader } = config;
  assert.ok(CmcdLoader);
  new CmcdLoader({} as HlsConfig).load(
    { url } as PlaylistLoaderContext,
    {} as LoaderConfiguration,
    {} as LoaderCallbacks<LoaderContext>,
  );
  return { given, sent };
}

describe('addresses of requests to which hls.js adds CMCD', () => {
  for (const query of [
    '',
    '?part=1',
    '?part',
    '?sig=a/b==&x=%20y',
    '?hdntl=exp=1900000000~acl=/*~hmac=00ff',
    '?Policy=a_~-&t=12:30,5',
    '?CMCD2=1',
  ])
    it(`stay as they are: ${query || 'without a query'}`, () => {
      const url = `https://cdn.example/live/1.m4s${query}`;
      const { given, sent } = request(url);
      assert.equal(given, url);
      assert.equal(sent, `${url}${query ? '&' : '?'}CMCD=bl%3D2000%2Csid%3D%22x%22`);
    });

  it('get nothing for a request that hls.js has not sent', () => {
    assert.equal(withAddedData('https://cdn.example/a?b~', undefined), 'https://cdn.example/a?b~');
    assert.equal(withAddedData('https://cdn.example/a?b~', {}), 'https://cdn.example/a?b~');
  });
});
