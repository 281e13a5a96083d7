import type { H5LiveRtmp, H5LiveServer, PlayerSource } from './player-source.js';

const PREFIX = 'h5live.';
const SERVERS = ['websocket', 'hls', 'progressive'] as const;
const SECURITY_FIELDS = ['token', 'expires', 'tag', 'options', 'jwtoken'] as const;

/**
 * Reads a source from the URL parameters that the vendor's own pages take: `h5live.server.*`, `h5live.rtmp.url`,
 * `h5live.rtmp.streamname` and `h5live.security.*`. With `h5live.server.hls` the entry has an HLS URL of its own, so
 * that every engine can play it.
 *
 * A token in a page's address ends up in histories and logs: for trying things out only.
 *
 * @param parameters - `new URLSearchParams(location.search)`
 * @returns `null` when there is none of them.
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
        ...(server.hls && { hls: hlsUrl(server.hls, rtmp) }),
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

/** The vendor's HLS servers are told by the query what to play, as its WebSocket servers are. */
function hlsUrl(serverUrl: string, { url, streamname }: H5LiveRtmp): string {
  if (!url || !streamname || /[?&]stream=/.test(serverUrl)) return serverUrl;
  const separator = serverUrl.includes('?') ? '&' : '?';
  return `${serverUrl}${separator}url=${encodeURIComponent(url)}&stream=${encodeURIComponent(streamname)}`;
}
