import { testEnvironment } from './test-environment.js';

const canRecord = (): boolean => typeof RTCPeerConnection === 'function';

function hasSendCodec(mimeType: string): boolean {
  if (!canRecord()) return false;
  const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? [];
  return codecs.some((codec) => codec.mimeType.toLowerCase() === mimeType);
}

/**
 * Features that not every engine has, with the detection of each. Commands of the runner count too: a test cannot run
 * where the engine's driver cannot emulate what it needs.
 */
const detectors = {
  'managed media source': () => 'ManagedMediaSource' in window,
  'native hls': () => document.createElement('video').canPlayType('application/vnd.apple.mpegurl') !== '',
  // GStreamer's demuxer freezes on live fragmented MP4 and with several renditions, with or without tokens.
  'dependable native hls': () => testEnvironment().engine === 'chromium',
  // WebKitGTK's media engine stalls after some rendition switches, with media in its buffer and without an error.
  'dependable switches': () => testEnvironment().engine !== 'webkit',
  // The others decode a dozen players at once in software, and then all of them stall.
  'many players': () => testEnvironment().engine === 'chromium',
  webrtc: canRecord,
  'webrtc h264': () => hasSendCodec('video/h264'),
  'webrtc vp8': () => hasSendCodec('video/vp8'),
  'webrtc vp9': () => hasSendCodec('video/vp9'),
  'webrtc av1': () => hasSendCodec('video/av1'),
  'insertable streams': () => 'MediaStreamTrackGenerator' in window,
  // The others show a chooser or a dialog first, which no test can click.
  'audio outputs': () => testEnvironment().engine === 'chromium',
  'screen capture': () => typeof navigator.mediaDevices.getDisplayMedia === 'function',
  'encrypted media': () => 'onwaitingforkey' in HTMLMediaElement.prototype,
  'performance memory': () => 'memory' in performance,
  'set viewport': () => testEnvironment().engine !== 'webkit',
  'emulate media': () => testEnvironment().engine === 'chromium',
} satisfies Record<string, () => boolean>;

export type Feature = keyof typeof detectors;

const isFeature = (name: string): name is Feature => name in detectors;

export const features: readonly Feature[] = Object.keys(detectors).filter(isFeature);

/** Whether this engine, with its driver, has the feature. */
export function hasFeature(feature: Feature): boolean {
  return detectors[feature]();
}
