import type { H5LiveRtmp } from './player-source.js';

/** The HLS URL of an `h5live` connection: the vendor's HLS servers read the stream from the query. */
export function h5liveHlsUrl(serverUrl: string, { url, streamname }: H5LiveRtmp = {}): string {
  if (!url || !streamname || /[?&]stream=/.test(serverUrl)) return serverUrl;
  const separator = serverUrl.includes('?') ? '&' : '?';
  return `${serverUrl}${separator}url=${encodeURIComponent(url)}&stream=${encodeURIComponent(streamname)}`;
}
