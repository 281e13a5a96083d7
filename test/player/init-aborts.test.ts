import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Authorizer } from '@gatecast/token';
import { createHlsLoader } from '@gatecast/player/internal/engine/hls/hls-loader';
import { EarlyRequests } from '@gatecast/player/internal/loading/early-requests';
import { LoaderContextType } from 'hls.js';
import { loaderHost } from './support/loader-host.js';

const refuse = () => Promise.reject(new Error('An open stream needs no token.'));
const authorizer = new Authorizer({
  tokens: { get: refuse, peek: () => null, rejected: refuse, accepted: () => undefined },
  placement: { kind: 'none' },
  origins: [],
});

/** Aborts a request for a segment, and returns whether the loader reports it. */
function reportsAbort(sn: number | 'initSegment', isRestarting: boolean): boolean {
  const { signal } = new AbortController();
  const HlsLoader = createHlsLoader(
    loaderHost({
      early: new EarlyRequests(authorizer, signal),
      guard: () => new Promise(() => undefined),
      isRestarting: () => isRestarting,
    }),
  );
  const loader = new HlsLoader({});
  let isReported = false;
  const context = {
    url: 'https://media.example/live/init.mp4',
    type: LoaderContextType.MEDIA_FRAGMENT,
    responseType: 'arraybuffer',
    frag: { level: 0, sn },
  };
  const loadPolicy = { maxTimeToFirstByteMs: 0, maxLoadTimeMs: 0, timeoutRetry: null, errorRetry: null };
  const config = { loadPolicy, timeout: 0, maxRetry: 0, retryDelay: 0, maxRetryDelay: 0 };
  loader.load(context, config, {
    onSuccess: () => undefined,
    onError: () => undefined,
    onTimeout: () => undefined,
    onAbort: () => (isReported = true),
  });
  loader.abort();
  return isReported;
}

describe('the end of an aborted request', () => {
  it('reaches hls.js, which may wait for it', () => {
    assert.ok(reportsAbort(7, false));
    assert.ok(reportsAbort('initSegment', false));
    assert.ok(reportsAbort(7, true));
  });

  it('does not reach it for the init segment of a load that it starts again', () => {
    assert.equal(reportsAbort('initSegment', true), false);
  });
});
