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
  let mayStartLater: boolean;
  let isStandingStill: boolean;

  beforeEach(() => {
    fake = new FakeClock();
    hasEngine = true;
    events = [];
    waits = [];
    mayStartLater = false;
    isStandingStill = true;
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
      mayStartLater: () => mayStartLater,
      isStandingStill: () => isStandingStill,
      onStreamAwaited: (isAwaited) => events.push(`awaited: ${String(isAwaited)}`),
      onFailed: (error) => events.push(error ? `failed: ${error.code}` : 'resumed'),
      clock: fake.clock,
      random: () => 0.5,
    });
  });

  /** Lets the engine fail again right after each attempt, for some time, and returns the number of attempts. */
  async function failFor(seconds: number, error = errorOf('source-failed')): Promise<number> {
    const before = waits.length;
    recovery.fail(error, false);
    for (let passed = 0; passed < seconds * 10; passed += 1) {
      const attempts = events.filter((event) => event === 'restart' || event === 'resume').length;
      await fake.advance(100);
      const isTriedAgain = events.filter((each) => each === 'restart' || each === 'resume').length > attempts;
      if (isTriedAgain) recovery.fail(error, false);
    }
    return waits.length - before - 1;
  }

  it('tries without end, less and less often, and shows the error after five seconds', async () => {
    const attempts = await failFor(600);
    assert.ok(attempts >= 150 && attempts <= 200, `${String(attempts)} attempts in ten minutes`);
    assert.deepEqual(waits.slice(0, 4), [750, 1500, 3250, 3250]);
    assert.equal(events.filter((event) => event.startsWith('failed')).length, 1);
    assert.deepEqual(events.slice(0, 4), ['restart', 'restart', 'failed: source-failed', 'restart']);
    assert.deepEqual([recovery.state, recovery.failure?.code], ['failed', 'source-failed']);
  });

  it('takes the error back when it plays', async () => {
    await failFor(10);
    recovery.progress();
    assert.deepEqual([recovery.state, recovery.failure, events.at(-1)], ['playing', null, 'resumed']);
  });

  it('takes the error back when a paused player has a picture', async () => {
    await failFor(10);
    recovery.loaded();
    assert.deepEqual([recovery.state, events.at(-1)], ['playing', 'resumed']);
  });

  it('shows why playback does not start after five seconds, also while each request is repeated', async () => {
    recovery.trouble(errorOf('token-endpoint-failed'));
    await fake.advance(4900);
    assert.deepEqual([recovery.state, events], ['starting', []]);
    await fake.advance(200);
    assert.deepEqual(
      [recovery.failure?.code, events],
      ['token-endpoint-failed', ['failed: token-endpoint-failed']],
    );
    recovery.progress();
    assert.deepEqual([recovery.state, events.at(-1)], ['playing', 'resumed']);
  });

  it('shows why playback stands still after ten seconds, counted from its last progress', async () => {
    recovery.progress();
    await fake.advance(7000);
    recovery.trouble(errorOf('token-rejected'));
    await fake.advance(2900);
    assert.equal(recovery.failure, null);
    recovery.progress();
    await fake.advance(60_000);
    assert.equal(recovery.failure, null, 'progress ended the trouble');
    recovery.trouble(errorOf('token-rejected'));
    await fake.advance(4900);
    assert.equal(recovery.failure, null, 'the viewer has waited, but not for this error');
    await fake.advance(200);
    assert.equal(events.at(-1), 'failed: token-rejected');
  });

  it('counts from the moment when the network is back', async () => {
    recovery.progress();
    recovery.trouble(errorOf('source-unreachable'));
    await fake.advance(9900);
    recovery.hurry();
    await fake.advance(60_000);
    assert.deepEqual(events, []);
    recovery.trouble(errorOf('source-unreachable'));
    await fake.advance(4900);
    assert.deepEqual(events, []);
    recovery.hurry();
    await fake.advance(200);
    assert.deepEqual(
      events,
      ['failed: source-unreachable'],
      'a network that comes and goes does not hide the error',
    );
  });

  it('shows no trouble to a viewer who does not wait for a picture, and none that a wait explains', async () => {
    isStandingStill = false;
    recovery.trouble(errorOf('token-endpoint-failed'));
    await fake.advance(60_000);
    isStandingStill = true;
    mayStartLater = true;
    recovery.trouble(errorOf('source-not-found', false));
    await fake.advance(60_000);
    assert.deepEqual([events, recovery.state, fake.clock.pending], [[], 'starting', 0]);
  });

  it('shows nothing while the buffer plays, and does not try more often for it', async () => {
    recovery.progress();
    for (let second = 0; second < 60; second += 1) {
      if (!waits.length || events.length > 0) recovery.fail(errorOf('token-rejected'), true);
      events.length = 0;
      await fake.advance(1000);
      recovery.progress();
    }
    assert.equal(recovery.failure, null);
    assert.ok(waits.length <= 22, `${String(waits.length)} attempts in a minute`);
  });

  it('tries again an answer that no page wants once it has played', async () => {
    for (const code of ['source-not-found', 'source-not-hls', 'source-invalid'] as const) {
      recovery.progress();
      recovery.fail(errorOf(code, false), true);
      await fake.advance(5000);
      assert.equal(events.at(-1), 'resume', code);
    }
  });

  it('waits for a stream that starts later, and shows no error meanwhile', async () => {
    mayStartLater = true;
    await failFor(60, errorOf('source-not-found', false));
    assert.deepEqual(new Set(events), new Set(['restart', 'awaited: true']));
    assert.ok(waits.length <= 22);
    recovery.progress();
    assert.deepEqual([recovery.state, events.at(-1)], ['playing', 'awaited: false']);
  });

  it('respects Retry-After, up to a minute', () => {
    recovery.fail(
      new GatecastError('source-failed', 'It failed.', { hint: '', retryable: true, retryAfterMs: 20_000 }),
      true,
    );
    assert.deepEqual(waits, [20_500]);
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

  it('counts attempts from the start after ten seconds without a failure', async () => {
    assert.equal(recovery.progress(), true);
    recovery.fail(errorOf('source-failed'), false);
    await fake.advance(2000);
    assert.equal(recovery.progress(), false, 'only the first progress is the first');
    assert.equal(recovery.state, 'playing');
    recovery.fail(errorOf('source-failed'), false);
    await fake.advance(11_000);
    recovery.progress();
    recovery.fail(errorOf('source-failed'), false);
    assert.deepEqual(waits, [750, 1500, 750]);
  });

  it('resumes the engine where that may help, and loads the source again where there is none', async () => {
    recovery.fail(errorOf('source-failed'), true);
    await fake.advance(3000);
    hasEngine = false;
    recovery.fail(errorOf('source-failed'), true);
    await fake.advance(3000);
    assert.deepEqual(events, ['resume', 'restart', 'failed: source-failed']);
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
    assert.deepEqual([recovery.state, recovery.hurry()], ['failed', false]);
    recovery.onReport({ type: 'resumed' });
    recovery.onReport({ type: 'resumed' });
    assert.deepEqual([recovery.state, recovery.failure], ['playing', null]);
    assert.deepEqual(events, ['failed: vendor-player-failed', 'resumed']);
    recovery.fail(errorOf('codec-unsupported', false), false);
    recovery.onReport({ type: 'resumed' });
    assert.equal(recovery.state, 'playing');
  });

  it('ends at once with an error that no attempt can change, also if the buffer still plays', async () => {
    recovery.fail(errorOf('source-not-found', false), true);
    assert.deepEqual([recovery.state, recovery.failure?.code], ['failed', 'source-not-found']);
    assert.equal(recovery.begin(), true, 'the viewer tries again');
    assert.deepEqual([recovery.state, recovery.failure], ['starting', null]);
    recovery.fail(errorOf('token-refused', false), true);
    recovery.progress();
    recovery.loaded();
    recovery.stalled();
    await fake.advance(60_000);
    assert.deepEqual([recovery.state, recovery.failure?.code, waits], ['failed', 'token-refused', []]);
  });

  it('tries at once when a new token arrives after an error about tokens, and only then', () => {
    recovery.progress();
    recovery.tokenRefreshed('scheduled');
    recovery.fail(errorOf('source-failed'), true);
    recovery.tokenRefreshed('scheduled');
    assert.deepEqual(events, []);
    recovery.fail(errorOf('token-rejected'), true);
    recovery.tokenRefreshed('scheduled');
    assert.deepEqual(events, ['resume'], 'the buffer is kept');
    recovery.fail(errorOf('token-refused', false), true);
    recovery.tokenRefreshed('scheduled');
    assert.deepEqual([events, recovery.state], [['resume', 'failed: token-refused', 'restart'], 'starting']);
  });

  it('stays stopped after the end of an access, until the stream that ended has a token', () => {
    recovery.progress();
    recovery.fail(errorOf('revoked', false), false);
    recovery.tokenRefreshed('scheduled');
    assert.deepEqual(events, ['failed: revoked'], 'the renewed token of another rendition');
    recovery.tokenRefreshed('manual');
    assert.deepEqual(events, ['failed: revoked', 'restart']);
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

  it('makes the attempt that is due although the engine goes on failing', async () => {
    recovery.fail(errorOf('media-failed'), true);
    for (let passed = 0; passed < 1000 && events.length === 0; passed += 100) {
      recovery.fail(errorOf('media-failed'), false);
      await fake.advance(100);
    }
    assert.deepEqual([events, waits], [['restart'], [750]], 'one of them needs a new load');
  });

  it('resumes a stalled engine first, and loads the source again when it stalls once more', async () => {
    recovery.progress();
    recovery.stalled();
    recovery.stalled();
    assert.equal(waits.length, 1, 'a standstill during the wait is the same one');
    await fake.advance(3000);
    recovery.stalled();
    await fake.advance(3000);
    assert.deepEqual(events, ['resume', 'restart']);
  });

  it('names the error before a standstill as its cause', async () => {
    recovery.fail(errorOf('token-rejected'), true);
    await fake.advance(15_000);
    recovery.stalled();
    assert.equal(recovery.failure?.code, 'token-rejected');
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
