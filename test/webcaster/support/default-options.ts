import type { WebcasterOptions } from '@gatecast/webcaster';

/** The options of a `<secure-webcaster>` without attributes. */
export const defaultOptions: WebcasterOptions = {
  publisher: 'whip',
  endpoint: null,
  stream: null,
  tokenUrl: null,
  tokenCredentials: 'same-origin',
  tokenPlacement: 'header',
  tokenOrigins: '',
  refreshLead: 60,
  token: null,
  tokenSource: null,
  capture: 'camera',
  video: '',
  audio: '',
  resolution: '1280x720',
  framerate: 30,
  videoBitrate: 2500,
  audioBitrate: 128,
  codec: 'auto',
  deviceLoss: 'slate',
  slate: null,
  reconnectFor: 120,
  mediaStream: null,
  publisherSrc: null,
  publisherConfig: {},
};
