import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StreamTokens } from '@gatecast/element';
import type { PlayerSource } from '@gatecast/player';
import { EntrySelection } from '@gatecast/player/internal/engine/nanoplayer/entry-selection';
import { EntryTokens } from '@gatecast/player/internal/engine/nanoplayer/entry-tokens';
import { PlayState } from '@gatecast/player/internal/engine/nanoplayer/play-state';
import { RefusalCount } from '@gatecast/player/internal/engine/nanoplayer/refusal-count';
import { UpdateQueue, type UpdateOutcome } from '@gatecast/player/internal/engine/nanoplayer/update-queue';
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

describe('updates of the vendor’s source', () => {
  function createQueue() {
    const time = new FakeClock();
    const sentAtMs: number[] = [];
    const outcomes: UpdateOutcome[] = [];
    const startMs = time.clock.now();
    const queue = new UpdateQueue({
      clock: time.clock,
      send: () => sentAtMs.push(time.clock.now() - startMs),
      onOutcome: (outcome) => outcomes.push(outcome),
    });
    return { time, queue, sentAtMs, outcomes };
  }

  it('are sent one at a time; requests during one are a single next one, 600 ms later', async () => {
    const { time, queue, sentAtMs, outcomes } = createQueue();
    queue.request();
    queue.request();
    queue.request();
    assert.deepEqual(sentAtMs, [0]);
    queue.onInit({ id: 7 });
    queue.onSuccess({ id: 7 });
    assert.deepEqual(outcomes, ['success']);
    await time.advance(599);
    assert.deepEqual(sentAtMs, [0]);
    await time.advance(1);
    assert.deepEqual(sentAtMs, [0, 600]);
  });

  it('ignore the outcome of another update', () => {
    const { queue, outcomes } = createQueue();
    queue.request();
    queue.onInit({ id: 7 });
    queue.onSuccess({ id: 6 });
    queue.onFail({ id: 8 });
    assert.deepEqual(outcomes, []);
    queue.stop();
  });

  it('are sent again after the player refused one as too early', async () => {
    const { time, queue, sentAtMs, outcomes } = createQueue();
    queue.request();
    queue.onAbort({ id: 1, reason: 'frequency' });
    await time.advance(600);
    assert.deepEqual(sentAtMs, [0, 600]);
    assert.deepEqual(outcomes, ['frequency']);
    queue.stop();
  });

  it('take the event of a superseded update, and ignore the player’s own switches', () => {
    const { queue, outcomes } = createQueue();
    queue.request();
    queue.onInit({ id: 3 });
    queue.onSwitchAbort({ id: 3, reason: 'superseded', type: 'up' });
    assert.deepEqual(outcomes, []);
    queue.onSwitchAbort({ id: 3, reason: 'superseded', type: 'update' });
    assert.deepEqual(outcomes, ['superseded']);
  });

  it('time out without an event, and leave no timer when stopped', async () => {
    const { time, queue, outcomes } = createQueue();
    queue.request();
    await time.advance(35_000);
    assert.deepEqual(outcomes, ['timeout']);
    queue.request();
    queue.stop();
    assert.equal(time.clock.pending, 0);
  });
});

describe('the selection of the vendor’s entries', () => {
  const entry = (index: number) => ({
    index,
    h5live: {
      server: { websocket: 'wss://h5live.example/' },
      rtmp: { url: 'rtmp://play.example/play', streamname: `s-${index}` },
    },
  });
  const select = (source: PlayerSource) =>
    new EntrySelection(resolveSource({ startIndex: 1, ...source }, 'https://page.example/'));
  const three = { entries: [entry(0), entry(1), entry(2)] };

  it('begins with the start index and names the token’s stream', () => {
    const selection = select(three);
    assert.equal(selection.stream, 's-1');
    assert.deepEqual(selection.onPlaying(), { type: 'entry', index: 1, reason: 'start' });
  });

  it('reports a choice by hand once, and stops the automatic rule', () => {
    const selection = select(three);
    selection.choose(2);
    assert.equal(selection.rule, 'none');
    assert.deepEqual(selection.onPlaying(), { type: 'entry', index: 2, reason: 'manual' });
    assert.deepEqual(selection.onSwitched(0), { type: 'entry', index: 0, reason: 'abr' });
  });

  it('goes back to the rule of the source', () => {
    const selection = select(three);
    selection.choose(2);
    selection.choose('auto');
    assert.equal(selection.rule, 'deviationOfMean2');
    assert.equal(selection.position, 2);
  });

  it('refuses an index that no entry has, and changes nothing', () => {
    const selection = select(three);
    assert.throws(() => {
      selection.choose(7);
    }, RangeError);
    assert.equal(selection.position, 1);
    assert.equal(selection.rule, 'deviationOfMean2');
  });

  it('follows the player’s own switch, but not to an entry that is not in the source', () => {
    const selection = select(three);
    selection.onSwitchStarted(0);
    assert.equal(selection.stream, 's-0');
    selection.onSwitchStarted(9);
    assert.equal(selection.stream, 's-0');
  });

  it('is a typed error where no entry is for the vendor’s player, unless there is a group', () => {
    const plain = select({ entries: [{ index: 0, hls: 'https://a.example/x.m3u8' }] });
    assert.throws(
      () => {
        plain.assertNotEmpty();
      },
      { code: 'source-missing' },
    );
    const group = select({ group: { id: 'g-1' } });
    group.assertNotEmpty();
    assert.equal(group.stream, 'g-1');
    assert.equal(group.onPlaying(), null);
  });
});

describe('the renewal of a refused token', () => {
  const failure = { code: 4903, version: '5.4.1', stream: 's-0' };
  const source = resolveSource(
    {
      entries: [
        { index: 0, stream: 's-0', h5live: { server: { websocket: 'wss://h5live.example/' } } },
        { index: 1, stream: 's-1', h5live: { server: { websocket: 'wss://h5live.example/' } } },
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

describe('calls of play() on the vendor’s player', () => {
  it('resolve when playback begins', async () => {
    const state = new PlayState();
    let isBegun = false;
    const begun = state.start(() => {
      isBegun = true;
    });
    assert.deepEqual([isBegun, state.isPlaying], [true, true]);
    state.onPlay();
    await begun;
  });

  it('reject as on a video element when the browser or the page prevents it', async () => {
    const state = new PlayState();
    const blocked = state.start(() => undefined);
    state.onPause('interactionrequired', false);
    await assert.rejects(blocked, { name: 'NotAllowedError' });
    const interrupted = state.start(() => undefined);
    state.onPause('normal', false);
    await assert.rejects(interrupted, { name: 'AbortError' });
    assert.equal(state.isPlaying, false);
  });

  it('wait through pauses after which the player continues by itself', async () => {
    const state = new PlayState();
    const begun = state.start(() => undefined);
    state.onPause('buffer', false);
    assert.equal(state.isPlaying, true);
    state.onPause('connectionclose', true);
    assert.equal(state.isPlaying, true);
    state.onPlay();
    await begun;
  });
});
