import type { H5LiveRtmp } from './player-source.js';

/** The HLS URL of an `h5live` connection: the vendor's HLS servers take the stream in the query, as its WebSocket servers do. */
export function h5liveHlsUrl(serverUrl: string, { url, streamname }: H5LiveRtmp = {}): string {
  if (!url || !streamname || /[?&]stream=/.test(serverUrl)) return serverUrl;
  const separator = serverUrl.includes('?') ? '&' : '?';
  return `${serverUrl}${separator}url=${encodeURIComponent(url)}&stream=${encodeURIComponent(streamname)}`;
}
