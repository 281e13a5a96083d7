import type { Feature } from './feature.js';
import type { Engine } from './runner/engine.js';

/**
 * The features that each engine lacks on the machines that run these tests. If another feature is missing, the tests
 * that need it fail. If a listed feature is available, the test of the list fails. So a skip cannot hide a
 * regression.
 */
export const expectedSkips: Readonly<Record<Engine, readonly Feature[]>> = {
  chromium: ['managed media source'],
  firefox: [
    'managed media source',
    'many players',
    'native hls',
    'dependable native hls',
    'webrtc h264',
    'insertable streams',
    'audio outputs',
    'performance memory',
    'emulate media',
  ],
  webkit: [
    'many players',
    'dependable native hls',
    'dependable switches',
    'webrtc',
    'webrtc h264',
    'webrtc vp8',
    'webrtc vp9',
    'webrtc av1',
    'encrypted media',
    'insertable streams',
    'audio outputs',
    'performance memory',
    'set viewport',
    'emulate media',
  ],
};
