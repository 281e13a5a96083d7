import type { BenchSettings } from './bench-settings.js';

/** A source in the format of the vendor's player, on the double of the vendor's server. */
export function nanoSource({ nanoSocket = '', stream }: BenchSettings, security?: object) {
  const h5live = {
    server: { websocket: `${nanoSocket}/h5live/stream.mp4` },
    rtmp: { url: 'rtmp://play.example/play', streamname: stream },
    ...(security && { security }),
  };
  return { entries: [{ index: 0, h5live }], startIndex: 0 };
}
