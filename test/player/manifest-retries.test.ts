import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { manifestRetryMs, retryAsManifest } from '@gatecast/player/internal/engine/hls/manifest-retries';
import { GatecastError } from '@gatecast/token';
import type { LoaderConfig, RetryConfig } from 'hls.js';
import { FakeClock } from '../support/fake-clock.js';

const RETRY: RetryConfig = { maxNumRetry: 2, retryDelayMs: 500, maxRetryDelayMs: 700 };

function policy(errorRetry: RetryConfig | null, timeoutRetry: RetryConfig | null = null): LoaderConfig {
  return { maxTimeToFirstByteMs: 0, maxLoadTimeMs: 0, timeoutRetry, errorRetry };
}

function failure(status: number): GatecastError {
  return new GatecastError('source-failed', 'Bad.', { hint: '', status });
}

const timeout = new DOMException('', 'TimeoutError');

describe('the retries of the first playlist', () => {
  it('follow the policy as in hls.js', () => {
    const waits = [0, 1, 2].map((attempt) => manifestRetryMs(policy(RETRY), failure(503), attempt));
    assert.deepEqual(waits, [500, 700, null]);
    assert.equal(manifestRetryMs(policy(null, RETRY), timeout, 0), 500);
    assert.equal(manifestRetryMs(policy(RETRY), failure(404), 0), null);
    assert.equal(manifestRetryMs(policy(null), failure(503), 0), null);
  });

  it('follow its shouldRetry', () => {
    const patient = policy({
      ...RETRY,
      shouldRetry: (_, count, __, response) => response?.code === 404 && count < 5,
    });
    assert.equal(manifestRetryMs(patient, failure(404), 4), 700);
    assert.equal(manifestRetryMs(patient, failure(503), 0), null);
  });

  it('load it again until it is there', async () => {
    const time = new FakeClock();
    let loads = 0;
    const load = () => {
      loads += 1;
      return loads < 3 ? Promise.reject(failure(503)) : Promise.resolve('plan');
    };
    const done = retryAsManifest(load, policy(RETRY), new AbortController().signal, time.clock);
    await time.advance(1200);
    assert.equal(await done, 'plan');
  });

  it('report the first failure without a policy of the page', async () => {
    let loads = 0;
    const load = () => {
      loads += 1;
      return Promise.reject(failure(503));
    };
    await assert.rejects(retryAsManifest(load, undefined, new AbortController().signal), { status: 503 });
    assert.equal(loads, 1);
  });
});
