import { h5liveHlsUrl } from './h5live-hls-url.js';
import type { H5LiveRtmp, H5LiveServer, PlayerSource } from './player-source.js';

const PREFIX = 'h5live.';
const SERVERS = ['websocket', 'hls', 'progressive'] as const;
const SECURITY_FIELDS = ['token', 'expires', 'tag', 'options', 'jwtoken'] as const;

/**
 * Reads a source from the URL parameters that the vendor's own pages use: `h5live.server.*`, `h5live.rtmp.url`,
 * `h5live.rtmp.streamname` and `h5live.security.*`. With `h5live.server.hls` the entry has an HLS URL of its own, so
 * that every engine can play it.
 *
 * Use it for tests only: browser histories and server logs keep a token that is in the address of a page.
 *
 * @param parameters - `new URLSearchParams(location.search)`
 * @returns `null` when the URL has no `h5live.server.*` parameter.
 */
export function readVendorParameters(parameters: URLSearchParams): PlayerSource | null {
  const read = <Name extends string>(group: string, names: readonly Name[]): Partial<Record<Name, string>> =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = parameters.get(`${PREFIX}${group}.${name}`);
        return value ? [[name, value] as const] : [];
      }),
    ) as Partial<Record<Name, string>>;

  const server: H5LiveServer = read('server', SERVERS);
  const rtmp: H5LiveRtmp = read('rtmp', ['url', 'streamname']);
  const security = read('security', SECURITY_FIELDS);
  if (Object.keys(server).length === 0) return null;
  return {
    entries: [
      {
        index: 0,
        ...(server.hls && { hls: h5liveHlsUrl(server.hls, rtmp) }),
        h5live: {
          server,
          ...(Object.keys(rtmp).length > 0 && { rtmp }),
          ...(Object.keys(security).length > 0 && { security }),
        },
      },
    ],
    startIndex: 0,
  };
}
