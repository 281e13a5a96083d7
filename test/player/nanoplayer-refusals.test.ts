import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StreamTokens } from '@gatecast/element';
import { EntryTokens } from '@gatecast/player/internal/engine/nanoplayer/entry-tokens';
import { RefusalCount } from '@gatecast/player/internal/engine/nanoplayer/refusal-count';
import { readVendorError } from '@gatecast/player/internal/engine/nanoplayer/read-vendor-error';
import { TokenRenewal } from '@gatecast/player/internal/engine/nanoplayer/token-renewal';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';
import { GatecastError, type Token } from '@gatecast/token';
import { FakeClock } from '../support/fake-clock.js';

describe('an error of the vendor’s player', () => {
  const question = { majorVersion: 5, isTokenOld: false, refusals: 0 };

  for (const code of [4401, 4403, 4900, 4901, 4903, 4904, 2004]) {
    it(`${code} is answered with a fresh token`, () => {
      assert.deepEqual(readVendorError({ ...question, code }), { kind: 'renew' });
    });
  }

  it('2004 is a refusal in version 5 only', () => {
    assert.equal(readVendorError({ ...question, code: 2004, majorVersion: 4 }).kind, 'fail');
  });

  it('4106, the code of any failed handshake, counts as a refusal only when the token is old', () => {
    assert.equal(readVendorError({ ...question, code: 4106 }).kind, 'fail');
    assert.equal(readVendorError({ ...question, code: 4106, isTokenOld: true }).kind, 'renew');
  });

  it('ends in one typed error with the vendor’s code when fresh tokens are refused too', () => {
    const remedy = readVendorError({ ...question, code: 4903, refusals: 2 });
    assert.ok(remedy.kind === 'fail');
    assert.equal(remedy.error.code, 'vendor-player-failed');
    assert.equal(remedy.error.vendorCode, 4903);
    assert.equal(remedy.error.retryable, false);
  });

  it('is retryable for the network, and names the option to set for the setup', () => {
    const network = readVendorError({ ...question, code: 4106 });
    const setup = readVendorError({ ...question, code: 5007 });
    assert.ok(network.kind === 'fail' && setup.kind === 'fail');
    assert.equal(network.error.retryable, true);
    assert.equal(setup.error.retryable, false);
    assert.match(setup.error.hint, /websocket/);
  });

  it('is not a failure when the player only waits for the viewer', () => {
    assert.deepEqual(readVendorError({ ...question, code: 1005 }), { kind: 'wait' });
  });
});

describe('the count of refusals', () => {
  it('forgets a refusal after a minute', () => {
    const refusals = new RefusalCount();
    refusals.add(0);
    refusals.add(1000);
    assert.equal(refusals.at(59_999), 2);
    assert.equal(refusals.at(60_500), 1);
    assert.equal(refusals.at(61_000), 0);
  });
});

describe('the renewal of a refused token', () => {
  const h5live = {
    server: { websocket: 'wss://h5live.example/' },
    rtmp: { url: 'rtmp://play.example/play', streamname: 's' },
  };
  const failure = { code: 4903, version: '5.4.1', stream: 's-0' };
  const source = resolveSource(
    {
      entries: [
        { index: 0, stream: 's-0', h5live },
        { index: 1, stream: 's-1', h5live },
      ],
    },
    'https://page.example/',
  );

  /** Tokens of a fake session, with a list of what was asked of it. */
  async function createRenewal(rejected: () => Promise<void> = () => Promise.resolve()) {
    const calls: string[] = [];
    let version = 0;
    const token = (stream: string): Token => ({
      stream,
      version: (version += 1),
      value: `${stream}-${version}`,
      receivedAtMs: 0,
      expiresAtMs: null,
      notBeforeMs: null,
      issuedAtMs: null,
    });
    const tokens: StreamTokens = {
      get: (stream) => {
        calls.push(`get ${stream}`);
        return Promise.resolve(token(stream));
      },
      peek: () => null,
      refresh: (stream) => Promise.resolve(token(stream)),
      rejected: async (stream, refused) => {
        calls.push(`rejected ${stream} ${refused}`);
        await rejected();
        return token(stream);
      },
      accepted: () => undefined,
      onRefreshed: () => () => undefined,
      now: () => 0,
    };
    const time = new FakeClock();
    const entryTokens = new EntryTokens(source, tokens);
    await entryTokens.collect(new AbortController().signal);
    entryTokens.apply();
    calls.length = 0;
    return { renewal: new TokenRenewal(entryTokens, time.clock), time, calls };
  }

  it('replaces the refused token and gets the others', async () => {
    const { renewal, calls } = await createRenewal();
    assert.deepEqual(renewal.decide(failure), { kind: 'renew' });
    await renewal.fetchTokens(failure, new AbortController().signal);
    assert.deepEqual(calls, ['rejected s-0 1', 'get s-1']);
    assert.equal(renewal.isUpdating, true);
    renewal.end();
    assert.equal(renewal.isIdle, true);
  });

  it('counts a refusal once that two events report', async () => {
    const { renewal } = await createRenewal();
    assert.equal(renewal.decide(failure).kind, 'renew');
    const fetched = renewal.fetchTokens(failure, new AbortController().signal);
    assert.equal(renewal.decide(failure).kind, 'wait');
    await fetched;
    assert.equal(renewal.decide(failure).kind, 'renew');
  });

  it('ends with the third refusal within a minute', async () => {
    const { renewal, time } = await createRenewal();
    assert.equal(renewal.decide(failure).kind, 'renew');
    assert.equal(renewal.decide(failure).kind, 'renew');
    assert.equal(renewal.decide(failure).kind, 'fail');
    await time.advance(60_000);
    assert.equal(renewal.decide(failure).kind, 'renew');
  });

  it('names the vendor’s code when the refused token was fresh', async () => {
    const { renewal } = await createRenewal(() =>
      Promise.reject(new GatecastError('token-rejected', 'refused', { hint: 'h' })),
    );
    await assert.rejects(renewal.fetchTokens(failure, new AbortController().signal), {
      code: 'vendor-player-failed',
      vendorCode: 4903,
    });
    assert.equal(renewal.isIdle, false);
  });
});
