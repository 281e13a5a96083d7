import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Authorizer, customSource, parsePlacement, TokenManager } from '@gatecast/token';
import { createHlsLoader } from '@gatecast/player/internal/engine/hls/hls-loader';
import { EarlyRequests } from '@gatecast/player/internal/loading/early-requests';
import type { LoaderConfiguration, LoaderContext } from 'hls.js';
import { loaderHost } from './support/loader-host.js';

const TOKEN = 'one-token-of-the-page';
const PAGE = 'https://media.example';
const policy = { maxTimeToFirstByteMs: 1000, maxLoadTimeMs: 1000, timeoutRetry: null, errorRetry: null };

/** Loads an address as hls.js does, and returns what the origin gets of the token. */
async function requestOf(url: string, responseType: string, placement: string): Promise<Request> {
  const source = customSource(async () => ({ token: TOKEN, expiresAt: Math.floor(Date.now() / 1000) + 600 }));
  const tokens = new TokenManager({ source, purpose: 'playback' });
  const lease = tokens.lease({ streams: ['a'] });
  const authorizer = new Authorizer({ tokens, placement: parsePlacement(placement), origins: [PAGE] });
  const sent: Request[] = [];
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    sent.push(new Request(input, init));
    return new Response(responseType === 'json' ? '{"ASSETS":[]}' : 'text');
  };
  const Loader = createHlsLoader(
    loaderHost({
      early: new EarlyRequests(authorizer, new AbortController().signal),
      streamOf: () => 'a',
      onBroken: (cause) => {
        throw cause;
      },
    }),
  );
  try {
    await new Promise<void>((resolve, reject) => {
      const config = { loadPolicy: policy } as LoaderConfiguration;
      new Loader().load({ url, responseType } as LoaderContext, config, {
        onSuccess: () => resolve(),
        onError: ({ text }) => reject(new Error(text)),
        onTimeout: () => reject(new Error('timeout')),
      });
    });
  } finally {
    globalThis.fetch = fetch;
    lease.release();
  }
  return sent[0] ?? assert.fail('no request');
}

describe('the token of a request that a playlist names, of hls.js', () => {
  for (const [what, file, responseType] of [
    ['a list of interstitial assets', 'ads.json', 'json'],
    ['the playlist of an interstitial asset', 'ad.m3u8', 'text'],
    ['content steering', 'steering.json', 'json'],
    ['a key', 'a.key', 'arraybuffer'],
  ] as const)
    for (const placement of ['query:token', 'header', 'header:X-Token', 'path:/{token}{path}'])
      it(`goes to an allowed origin only: ${what}, ${placement}`, async () => {
        const holdsToken = ({ url, headers }: Request): boolean =>
          `${url} ${[...headers.values()].join(' ')}`.includes(TOKEN);
        assert.ok(holdsToken(await requestOf(`${PAGE}/${file}`, responseType, placement)));
        for (const other of [
          'https://ads.example',
          'https://sub.media.example',
          `${PAGE}:8443`,
          'http://media.example',
        ])
          assert.ok(!holdsToken(await requestOf(`${other}/${file}`, responseType, placement)), other);
      });
});
