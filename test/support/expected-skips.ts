import type { Feature } from './feature.js';
import type { Engine } from './runner/engine.js';

/**
 * What each engine is known to lack on the machines that run these tests. A feature missing beyond this
 * list fails the tests that need it, and one that has arrived fails the test of the list itself: so a skip
 * cannot hide a regression.
 */
export const expectedSkips: Readonly<Record<Engine, readonly Feature[]>> = {
  chromium: ['managed media source'],
  firefox: [
    'managed media source',
    'native hls',
    'dependable native hls',
    'webrtc h264',
    'performance memory',
    'emulate media',
  ],
  webkit: [
    'dependable native hls',
    'dependable switches',
    'webrtc',
    'webrtc h264',
    'webrtc vp8',
    'performance memory',
    'set viewport',
    'emulate media',
    'type keys',
  ],
};
