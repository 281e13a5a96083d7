import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BlockedByPolicy } from '@gatecast/element';
import { GatecastError } from '@gatecast/token';

function violate(
  target: EventTarget,
  effectiveDirective: string,
  blockedURI: string,
  disposition = 'enforce',
): void {
  const event = new Event('securitypolicyviolation');
  target.dispatchEvent(Object.assign(event, { effectiveDirective, blockedURI, disposition }));
}

const unreachable = (): GatecastError =>
  new GatecastError('source-unreachable', 'The playlist could not be loaded.', {
    hint: 'Check the network.',
    retryable: true,
  });

function watch(): { policy: BlockedByPolicy; document: EventTarget } {
  const document = new EventTarget();
  const policy = new BlockedByPolicy();
  policy.start(document);
  return { policy, document };
}

describe('what the page’s Content-Security-Policy has blocked', () => {
  it('is in the hint of an error that it can cause, which stays the same otherwise', () => {
    const { policy, document } = watch();
    violate(document, 'connect-src', 'https://media.example/live/a.m3u8?token=secret-of-a-viewer');
    const error = policy.explain(unreachable());
    assert.equal(
      error.hint,
      'The page’s Content-Security-Policy has blocked https://media.example: allow it in connect-src. If that is not the cause: Check the network.',
    );
    assert.equal(error.code, 'source-unreachable');
    assert.equal(error.message, 'The playlist could not be loaded.');
    assert.equal(error.retryable, true);
  });

  it('is not in the hint of another error', () => {
    const { policy, document } = watch();
    const error = unreachable();
    assert.equal(policy.explain(error), error, 'without a violation');
    violate(document, 'script-src-elem', 'https://media.example/a.js');
    violate(document, 'style-src', 'inline');
    violate(document, 'connect-src', 'https://media.example/a.m3u8', 'report');
    assert.equal(policy.explain(error), error, 'of another directive, and of a policy that only reports');
    const load = new GatecastError('engine-load-failed', 'hls.js could not be loaded.', { hint: 'Look.' });
    assert.match(policy.explain(load).hint, /https:\/\/media\.example: allow it in script-src\./);
  });

  it('is described by its scheme where it has no origin', () => {
    for (const [blocked, expected] of [
      ['blob', 'blob:'],
      ['blob:https://page.example/1b2c', 'https://page.example'],
      ['data:text/javascript,1', 'data:'],
      ['', ':'],
      ['<b>'.repeat(2000), 'bbbbbbb:'],
    ] as const) {
      const { policy, document } = watch();
      violate(document, 'media-src', blocked);
      const failed = new GatecastError('media-failed', 'It failed.', { hint: 'Look.' });
      assert.ok(policy.explain(failed).hint.includes(`has blocked ${expected}`), expected);
    }
  });

  it('is watched only until the end', () => {
    const { policy, document } = watch();
    policy.stop();
    violate(document, 'connect-src', 'https://media.example/');
    const error = unreachable();
    assert.equal(policy.explain(error), error);
  });
});
