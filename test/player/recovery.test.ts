import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Recovery } from '@gatecast/player/internal/playback/recovery';
import { GatecastError, type ErrorCode } from '@gatecast/token';
import { FakeClock } from '../support/fake-clock.js';

const errorOf = (code: ErrorCode, retryable = true): GatecastError =>
  new GatecastError(code, 'It failed.', { hint: 'Try again.', retryable });

describe('Recovery', () => {
  let fake: FakeClock;
  let recovery: Recovery;
  let hasEngine: boolean;
  let events: string[];
  let waits: number[];

  beforeEach(() => {
    fake = new FakeClock();
    hasEngine = true;
    events = [];
    waits = [];
    recovery = new Recovery({
      restart: () => {
        events.push('restart');
        recovery.begin();
      },
      resume: () => {
        if (hasEngine) events.push('resume');
        return hasEngine;
      },
      onWaiting: ({ waitMs }) => waits.push(waitMs),
      onFailed: (error) => events.push(error ? `failed: ${error.code}` : 'resumed'),
      clock: fake.clock,
      random: () => 0.5,
    });
  });

  /** Lets the engine fail until playback ends, and returns how often it was tried again. */
  async function failUntilTheEnd(): Promise<number> {
    for (let attempt = 0; attempt < 20 && recovery.state !== 'failed'; attempt += 1) {
      recovery.fail(errorOf('source-failed'), false);
      await fake.advance(60_000);
    }
    return waits.length;
  }

  it('tries a source that never played three times, with growing waits', async () => {
    assert.equal(await failUntilTheEnd(), 3);
    assert.deepEqual(events, ['restart', 'restart', 'restart', 'failed: source-failed']);
    assert.deepEqual(
      waits,
      [...waits].sort((a, b) => a - b),
    );
    assert.ok(waits.every((waitMs) => waitMs > 0));
  });

  it('does not try again while the old source can be played instead', () => {
    let isOnTrial = true;
    const failed: string[] = [];
    const trial = new Recovery({
      restart: () => failed.push('restart'),
      resume: () => false,
      onWaiting: () => failed.push('waiting'),
      isOnTrial: () => isOnTrial,
      onFailed: (error) => failed.push(error?.code ?? 'resumed'),
      clock: fake.clock,
    });
    trial.fail(errorOf('source-failed'), false);
    assert.deepEqual(failed, ['source-failed']);
    isOnTrial = false;
    trial.begin();
    trial.fail(errorOf('source-failed'), false);
    assert.deepEqual(failed, ['source-failed', 'waiting']);
    trial.stop();
  });

  it('tries a source that has played eight times, and counts again after progress', async () => {
    assert.equal(recovery.progress(), true);
    recovery.fail(errorOf('source-failed'), false);
    await fake.advance(60_000);
    assert.equal(recovery.progress(), false, 'only the first progress is the first');
    assert.equal(recovery.state, 'playing');
    assert.equal(await failUntilTheEnd(), 1 + 8);
  });

  it('resumes the engine where that may help, and loads the source again where there is none', async () => {
    recovery.fail(errorOf('source-failed'), true);
    await fake.advance(60_000);
    hasEngine = false;
    recovery.fail(errorOf('source-failed'), true);
    await fake.advance(60_000);
    assert.deepEqual(events, ['resume', 'restart']);
  });

  it('leaves attempts to an engine that makes them itself, and ends the error when it plays', async () => {
    recovery.fail(errorOf('source-failed'), true);
    recovery.onReport({
      type: 'error',
      error: errorOf('vendor-player-failed'),
      isResumable: false,
      isEngineRetrying: true,
    });
    await fake.advance(600_000);
    assert.deepEqual([recovery.state, recovery.canRetry], ['failed', false]);
    recovery.onReport({ type: 'resumed' });
    recovery.onReport({ type: 'resumed' });
    assert.deepEqual([recovery.state, recovery.failure], ['playing', null]);
    assert.deepEqual(events, ['failed: vendor-player-failed', 'resumed']);
    recovery.fail(errorOf('source-failed', false), false);
    recovery.onReport({ type: 'resumed' });
    assert.equal(recovery.state, 'playing');
  });

  it('may retry a failure that can pass when the page or the network is back', async () => {
    await failUntilTheEnd();
    assert.equal(recovery.canRetry, true);
    recovery.begin();
    recovery.fail(errorOf('source-not-found', false), false);
    assert.equal(recovery.canRetry, false);
  });

  it('ends at once with an error that no attempt can change, and with those of tokens', () => {
    recovery.fail(errorOf('source-not-found', false), true);
    assert.deepEqual([recovery.state, recovery.failure?.code], ['failed', 'source-not-found']);
    recovery.begin();
    assert.deepEqual([recovery.state, recovery.failure], ['starting', null]);
    recovery.fail(errorOf('token-rejected'), true);
    assert.deepEqual([recovery.state, recovery.failure?.code], ['failed', 'token-rejected']);
    assert.deepEqual(waits, []);
  });

  it('waits once for several errors, and tries at once when the network is back', async () => {
    recovery.fail(errorOf('source-failed'), true);
    recovery.fail(errorOf('source-failed'), true);
    assert.equal(recovery.hurry(), true);
    assert.deepEqual(events, ['restart'], 'what was loaded before may be gone from the stream');
    await fake.advance(60_000);
    assert.deepEqual(events, ['restart']);
    assert.equal(recovery.hurry(), false);
  });

  it('resumes a stalled engine first, and loads the source again when it stalls once more', async () => {
    recovery.progress();
    recovery.stalled();
    recovery.stalled();
    assert.equal(waits.length, 1, 'a standstill during the wait is the same one');
    await fake.advance(60_000);
    recovery.stalled();
    await fake.advance(60_000);
    assert.deepEqual(events, ['resume', 'restart']);
  });

  it('does nothing after the end', async () => {
    recovery.fail(errorOf('source-failed'), true);
    recovery.stop();
    await fake.advance(60_000);
    recovery.fail(errorOf('source-failed'), true);
    recovery.stalled();
    await fake.advance(60_000);
    assert.deepEqual([events, recovery.state, fake.clock.pending], [[], 'stopped', 0]);
  });
});
