import { GatecastError } from '@gatecast/token';
import { h5liveHlsUrl } from './h5live-hls-url.js';
import type { H5LiveRtmp, H5LiveServer, PlayerSource } from './player-source.js';

const PREFIX = 'h5live.';
const SERVERS = ['websocket', 'hls', 'progressive'] as const;
const SECURITY_FIELDS = ['token', 'expires', 'tag', 'options', 'jwtoken'] as const;

/** Which servers the vendor's URL parameters may name. */
export interface VendorParametersOptions {
  /**
   * Origins that the page trusts besides its own, such as `https://h5live.example.com`. `https:` also allows `wss:`, and
   * `http:` allows `ws:`.
   *
   * @defaultValue none
   */
  readonly allowedOrigins?: readonly string[];
}

/**
 * Reads a source from the URL parameters that the vendor's own pages use: `h5live.server.*`, `h5live.rtmp.url`,
 * `h5live.rtmp.streamname` and `h5live.security.*`. With `h5live.server.hls` the entry has an HLS URL of its own, so
 * that every engine can play it.
 *
 * The servers in the parameters receive the viewer's token, and anyone can write a link. So servers of other origins need
 * `allowedOrigins`. `listVendorOrigins` returns the origins that a link names.
 *
 * Use it for tests only: browser histories and server logs keep a token that is in the address of a page.
 *
 * @param parameters - `new URLSearchParams(location.search)`
 * @returns `null` when the URL has no `h5live.server.*` parameter.
 * @throws GatecastError `source-origin-not-allowed`
 * @throws TypeError if an entry of `allowedOrigins` is not an origin.
 */
export function readVendorParameters(
  parameters: URLSearchParams,
  { allowedOrigins = [] }: VendorParametersOptions = {},
): PlayerSource | null {
  const allowed = new Set(allowedOrigins.map(requireOrigin));
  const refused = listVendorOrigins(parameters).filter((origin) => !allowed.has(origin));
  if (refused.length > 0) throw notAllowed(refused);
  const server: H5LiveServer = readGroup(parameters, 'server', SERVERS);
  const rtmp: H5LiveRtmp = readGroup(parameters, 'rtmp', ['url', 'streamname']);
  const security = readGroup(parameters, 'security', SECURITY_FIELDS);
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

/**
 * Lists the origins of the servers in the vendor's URL parameters, apart from the page's own: those that
 * `readVendorParameters` needs in `allowedOrigins`. A WebSocket has the origin of its `https:` or `http:` address. An address
 * without such an origin is listed as its scheme, for example `data:`, and can never be allowed.
 *
 * @param parameters - `new URLSearchParams(location.search)`
 */
export function listVendorOrigins(parameters: URLSearchParams): string[] {
  const addresses = Object.values(readGroup(parameters, 'server', SERVERS));
  const origins = new Set(addresses.map(readOrigin));
  origins.delete(page().location?.origin ?? '');
  return [...origins];
}

function readGroup<Name extends string>(
  parameters: URLSearchParams,
  group: string,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = parameters.get(`${PREFIX}${group}.${name}`);
      return value ? [[name, value] as const] : [];
    }),
  ) as Partial<Record<Name, string>>;
}

/** Both are missing outside of browsers. */
function page(): { readonly location?: Location; readonly document?: Document } {
  return globalThis;
}

function readOrigin(address: string): string {
  const base = page().document?.baseURI;
  if (!URL.canParse(address, base)) return 'invalid:';
  const url = new URL(address, base);
  if (!/^(?:http|ws)s?:$/.test(url.protocol)) return url.protocol;
  return `${url.protocol.replace('ws', 'http')}//${url.host}`;
}

function requireOrigin(given: string): string {
  if (URL.canParse(given) && /^(?:http|ws)s?:\/\/[^\s/?#@\\*,;]+\/?$/i.test(given)) return readOrigin(given);
  throw new TypeError(
    `allowedOrigins contains "${given}", which is not an origin such as "https://h5live.example.com".`,
  );
}

function notAllowed(origins: readonly string[]): GatecastError {
  return new GatecastError(
    'source-origin-not-allowed',
    `The address of the page names servers that the page does not allow: ${origins.join(', ')}.`,
    { hint: 'If the page trusts them, list them in allowedOrigins of readVendorParameters.' },
  );
}
