import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  loadPolicies,
  retriesInPlace,
  type RetryFacts,
} from '@gatecast/player/internal/engine/hls/load-policies';

const PLAYING: RetryFacts = {
  status: 404,
  retryCount: 0,
  hasAlternative: false,
  hasPlayed: true,
  bufferedS: 0,
};

describe('whether a failed request of hls.js is repeated', () => {
  it('repeats a network error and every error status while the source plays', () => {
    for (const status of [0, 400, 401, 403, 404, 410]) assert.ok(retriesInPlace({ ...PLAYING, status }));
  });

  it('repeats, before the source has played, only what may be there a moment later', () => {
    const repeated = [0, 400, 401, 403, 404, 408, 410, 425, 429].filter((status) =>
      retriesInPlace({ ...PLAYING, hasPlayed: false, status }),
    );
    assert.deepEqual(repeated, [0, 404, 408, 410, 425, 429]);
  });

  it('skips no segment before the source has played', () => {
    assert.ok(retriesInPlace({ ...PLAYING, hasPlayed: false, retryCount: 5 }));
  });

  it('leaves it to hls.js to change to another rendition', () => {
    assert.equal(retriesInPlace({ ...PLAYING, hasAlternative: true }), false);
  });

  it('repeats twice with a low buffer, and longer with a full one', () => {
    assert.equal(retriesInPlace({ ...PLAYING, retryCount: 2 }), false);
    assert.equal(retriesInPlace({ ...PLAYING, retryCount: 2, bufferedS: 8 }), true);
  });

  it('does not load content again that cannot be used', () => {
    assert.equal(retriesInPlace({ ...PLAYING, status: undefined }), false);
  });
});

describe('the load policies', () => {
  it('wait at most 4 s', () => {
    for (const policy of Object.values(loadPolicies({}, () => PLAYING)) as {
      default: { errorRetry: { maxRetryDelayMs: number } };
    }[])
      assert.ok(policy.default.errorRetry.maxRetryDelayMs <= 4000);
  });

  it('leave the older settings of a page to hls.js', () => {
    const names = Object.keys(loadPolicies({ fragLoadingMaxRetry: 1 }, () => PLAYING));
    assert.deepEqual(names, ['keyLoadPolicy', 'playlistLoadPolicy']);
  });

  it('never repeat more often than their limit', () => {
    const { fragLoadPolicy } = loadPolicies({}, () => ({ ...PLAYING, bufferedS: 30 }));
    const retry = fragLoadPolicy?.default.errorRetry;
    const response = { url: '', code: 404, data: '' };
    assert.ok(retry?.shouldRetry?.(retry, 5, false, response, false));
    assert.equal(retry?.shouldRetry?.(retry, 6, false, response, false), false);
  });
});
