import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StreamTokens } from '@gatecast/element';
import { EntryTokens } from '@gatecast/player/internal/engine/nanoplayer/entry-tokens';
import { RefusalCount } from '@gatecast/player/internal/engine/nanoplayer/refusal-count';
import { TokenRenewal } from '@gatecast/player/internal/engine/nanoplayer/token-renewal';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';
import { GatecastError, type Token } from '@gatecast/token';
import { FakeClock } from '../support/fake-clock.js';

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
      leadMs: 60_000,
      now: () => 0,
    };
    const time = new FakeClock();
    const entryTokens = new EntryTokens(source, tokens);
    await entryTokens.collect(new AbortController().signal);
    entryTokens.apply();
    calls.length = 0;
    return { renewal: new TokenRenewal(entryTokens, time.clock), time, calls };
  }

  const signal = new AbortController().signal;

  it('replaces the refused token and gets the others', async () => {
    const { renewal, calls } = await createRenewal();
    const fetched = renewal.fetchTokens('s-0', signal);
    assert.deepEqual([renewal.isIdle, renewal.isFetching], [false, true]);
    await fetched;
    assert.deepEqual(calls, ['rejected s-0 1', 'get s-1']);
    assert.deepEqual([renewal.isFetching, renewal.isUpdating], [false, true]);
    renewal.end();
    assert.equal(renewal.isIdle, true);
  });

  it('counts the renewals of the last minute', async () => {
    const { renewal, time } = await createRenewal();
    await renewal.fetchTokens('s-0', signal);
    await time.advance(1000);
    await renewal.fetchTokens('s-0', signal);
    assert.equal(renewal.refusals, 2);
    await time.advance(59_500);
    assert.equal(renewal.refusals, 1);
  });

  it('passes on why there is no fresh token', async () => {
    const { renewal } = await createRenewal(() =>
      Promise.reject(new GatecastError('token-rejected', 'refused', { hint: 'h' })),
    );
    await assert.rejects(renewal.fetchTokens('s-0', signal), { code: 'token-rejected' });
  });
});
