import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { captureError, captureObstacle } from '@gatecast/webcaster/internal/capture/capture-errors';

describe('captureError', () => {
  const known: [string, string][] = [
    ['NotAllowedError', 'permission-denied'],
    ['SecurityError', 'permission-denied'],
    ['InvalidStateError', 'permission-denied'],
    ['NotFoundError', 'device-not-found'],
    ['OverconstrainedError', 'device-not-found'],
    ['NotReadableError', 'device-in-use'],
    ['AbortError', 'device-failed'],
    ['SomethingNewError', 'device-failed'],
  ];
  for (const [name, code] of known) {
    it(`maps ${name} to ${code}, with a hint`, () => {
      const error = captureError(new DOMException('No.', name), 'camera');
      assert.equal(error.code, code);
      assert.ok(error.hint.length > 0);
      assert.match(error.message, /camera/);
    });
  }
});

describe('captureObstacle', () => {
  const media = { getUserMedia: () => undefined };
  const page = (isSecureContext: boolean, mediaDevices?: object) => ({
    isSecureContext,
    navigator: { mediaDevices } as Navigator,
  });

  it('reports an insecure page first', () => {
    assert.equal(captureObstacle('camera', page(false))?.code, 'insecure-page');
  });

  it('reports a kind of media that the browser cannot capture', () => {
    assert.equal(captureObstacle('screen', page(true, media))?.code, 'capture-unsupported');
    assert.equal(captureObstacle('camera', page(true))?.code, 'capture-unsupported');
    assert.equal(captureObstacle('camera', page(true, media)), null);
  });

  it('is null for the page’s own media, secure or not', () => {
    assert.equal(captureObstacle('page', page(false)), null);
  });
});
