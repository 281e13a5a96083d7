import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StreamTokens } from '@gatecast/element';
import { EntrySelection } from '@gatecast/player/internal/engine/nanoplayer/entry-selection';
import { EntryTokens } from '@gatecast/player/internal/engine/nanoplayer/entry-tokens';
import { SourceChange } from '@gatecast/player/internal/engine/nanoplayer/source-change';
import { UpdateQueue } from '@gatecast/player/internal/engine/nanoplayer/update-queue';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';
import { GatecastError } from '@gatecast/token';
import { FakeClock, settle } from '../support/fake-clock.js';

const sourceOf = (stream: string) =>
  resolveSource(
    {
      entries: [
        {
          index: 0,
          h5live: {
            server: { websocket: 'wss://h5live.example/' },
            rtmp: { url: 'rtmp://play.example/play', streamname: stream },
          },
        },
      ],
    },
    'https://page.example/',
  );

describe('a change of the vendor’s source', () => {
  /** @param refused - streams without a token */
  function createChange(refused: readonly string[] = []) {
    const time = new FakeClock();
    const sent: string[] = [];
    const lost: unknown[] = [];
    const end = new AbortController();
    let version = 0;
    const streamTokens: StreamTokens = {
      get: (stream) =>
        refused.includes(stream)
          ? Promise.reject(new GatecastError('token-refused', 'no token', { hint: 'h' }))
          : Promise.resolve({
              stream,
              version: (version += 1),
              value: `${stream}-token`,
              receivedAtMs: 0,
              expiresAtMs: null,
              notBeforeMs: null,
              issuedAtMs: null,
            }),
      peek: () => null,
      refresh: () => Promise.reject(new Error('not used')),
      rejected: (stream) =>
        Promise.resolve({
          stream,
          version: (version += 1),
          value: `${stream}-token-again`,
          receivedAtMs: 0,
          expiresAtMs: null,
          notBeforeMs: null,
          issuedAtMs: null,
        }),
      accepted: () => undefined,
      onRefreshed: () => () => undefined,
      leadMs: 60_000,
      now: () => 0,
    };
    const old = sourceOf('old');
    const tokens = new EntryTokens(old, streamTokens);
    let selection = new EntrySelection(old);
    const updates = new UpdateQueue({
      clock: time.clock,
      send: () => sent.push(`${selection.stream} ${JSON.stringify([...tokens.apply().values()])}`),
      onOutcome: () => undefined,
    });
    const change = new SourceChange({
      tokens,
      updates,
      engineSignal: end.signal,
      selection: () => selection,
      select: (next) => {
        selection = next;
      },
      majorVersion: () => 5,
      onTaken: () => undefined,
      onLost: (error) => lost.push(error),
    });
    return { change, updates, time, sent, lost, end, selected: () => selection.stream };
  }
  const { signal } = new AbortController();

  it('sends the next source with its tokens, and settles with the outcome', async () => {
    const { change, updates, sent, selected } = createChange();
    const done = change.run(sourceOf('next'), signal);
    await settle();
    assert.deepEqual(sent, ['next ["next-token"]']);
    assert.equal(change.isActive, true);
    updates.onSuccess({ id: 1, source: { entries: [] } });
    assert.deepEqual(await done, { entries: [] });
    assert.deepEqual([change.isActive, selected()], [false, 'next']);
  });

  it('leaves the player alone when there is no token for the next source', async () => {
    const { change, sent, selected } = createChange(['next']);
    await assert.rejects(change.run(sourceOf('next'), signal), { code: 'token-refused' });
    assert.deepEqual([sent, change.isActive, selected()], [[], false, 'old']);
  });

  it('restores the old source after a failure, and then rejects with the vendor’s code', async () => {
    const { change, updates, time, sent, selected } = createChange();
    const done = assert.rejects(change.run(sourceOf('next'), signal), {
      code: 'vendor-player-failed',
      vendorCode: 4400,
    });
    await settle();
    updates.onFail({ id: 1, code: 4400 });
    // The error that stopped the player comes after it and is the same failure.
    change.onError(4400);
    await settle();
    assert.equal(change.isActive, true);
    await time.advance(600);
    assert.deepEqual(sent, ['next ["next-token"]', 'old ["old-token"]']);
    assert.deepEqual([change.isActive, selected()], [false, 'old']);
    updates.onSuccess({ id: 2 });
    await done;
  });

  it('takes an error of the player as the failure of the update in flight', async () => {
    const { change, updates, time } = createChange();
    const done = assert.rejects(change.run(sourceOf('next'), signal), { vendorCode: 4400 });
    await settle();
    change.onError(4400);
    await time.advance(600);
    updates.onSuccess({ id: 2 });
    await done;
  });

  it('waits for an update of the old source, whose failure is not its own', async () => {
    const { change, updates, time, sent, selected } = createChange();
    updates.request();
    const done = change.run(sourceOf('next'), signal);
    await settle();
    assert.deepEqual([change.isActive, selected()], [false, 'old']);
    updates.onFail({ id: 1, code: 4400 });
    await time.advance(600);
    assert.deepEqual([change.isActive, selected(), sent.length], [true, 'next', 2]);
    updates.onSuccess({ id: 2 });
    await done;
  });

  it('goes on through information of the player, such as a metadata packet', async () => {
    const { change, updates, sent } = createChange();
    const done = change.run(sourceOf('next'), signal);
    await settle();
    for (const code of [2011, 2014, 4004]) change.onError(code);
    updates.onSuccess({ id: 1 });
    await done;
    assert.equal(sent.length, 1);
  });

  it('reports that the old source is lost when there is no token for it any more', async () => {
    const { change, updates, lost } = createChange(['old']);
    const done = assert.rejects(change.run(sourceOf('next'), signal), { vendorCode: 4400 });
    await settle();
    updates.onFail({ id: 1, code: 4400 });
    await done;
    assert.equal(lost.length, 1);
  });

  it('ends with the caller’s signal before it is sent', async () => {
    const { change, sent } = createChange();
    const early = new AbortController();
    const aborted = assert.rejects(change.run(sourceOf('next'), early.signal), { message: 'enough' });
    early.abort(new Error('enough'));
    await aborted;
    assert.deepEqual(sent, []);
  });

  it('lets the next change follow at once when it was sent and has no outcome', async () => {
    const { change, updates, time, sent, selected } = createChange();
    const superseded = new AbortController();
    const first = change.run(sourceOf('next'), superseded.signal);
    await settle();
    superseded.abort();
    assert.equal(await first, undefined);
    assert.deepEqual([change.isActive, selected()], [false, 'next']);
    const second = change.run(sourceOf('other'), signal);
    await time.advance(600);
    assert.deepEqual(sent, ['next ["next-token"]', 'other ["other-token"]']);
    updates.onSuccess({ id: 2 });
    await second;
    assert.equal(selected(), 'other');
  });

  it('tries once more with another token when the player’s server refuses the first', async () => {
    const { change, updates, time, sent } = createChange();
    const done = change.run(sourceOf('next'), signal);
    await settle();
    updates.onFail({ id: 1, code: 4903 });
    await time.advance(600);
    assert.deepEqual(sent, ['next ["next-token"]', 'next ["next-token-again"]']);
    updates.onSuccess({ id: 2 });
    await done;
  });

  it('says what the vendor’s 2004 means: a refused token, not a stream that is not on air', async () => {
    const { change, updates, time } = createChange();
    const done = assert.rejects(change.run(sourceOf('next'), signal), {
      code: 'vendor-player-failed',
      message: /refuses fresh tokens/,
    });
    await settle();
    updates.onFail({ id: 1, code: 2004 });
    await time.advance(600);
    updates.onFail({ id: 2, code: 2004 });
    await time.advance(600);
    updates.onSuccess({ id: 3 });
    await done;
  });

  it('restores the tokens before the old source', async () => {
    const { change, updates, time } = createChange();
    const steps: string[] = [];
    const done = assert.rejects(
      change.run(sourceOf('next'), signal, () => steps.push('tokens')),
      { code: 'source-not-found', hint: /Call updateSource again/ },
    );
    await settle();
    updates.onFail({ id: 1, code: 2003 });
    await settle();
    assert.deepEqual(steps, ['tokens']);
    await time.advance(600);
    updates.onSuccess({ id: 2 });
    await done;
  });

  it('ends with the engine', async () => {
    const { change, updates, end } = createChange();
    const done = assert.rejects(change.run(sourceOf('next'), signal), { name: 'AbortError' });
    await settle();
    end.abort();
    updates.stop();
    await done;
  });
});
