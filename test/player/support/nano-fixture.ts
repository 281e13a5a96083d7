import { allowVendorScripts, type PlayerSource, type SecurePlayer, type SourceEntry } from '@gatecast/player';
import { backendOrigin } from '../../support/backend.js';
import { testEnvironment } from '../../support/test-environment.js';
import type { ControlRequest } from '../../doubles/nanoplayer/socket-faults.js';
import { mountPlayer, type PlayerFixture } from './player-fixture.js';

/** The state that the double of the vendor's player exposes. */
export interface NanoPlayerDouble {
  readonly version: string;
  /** Every source passed to it and not aborted. */
  readonly sources: readonly DoubleSource[];
  updateSource(source: object): Promise<unknown>;
  play(): void;
  /** Switches as its adaption rule does. */
  adaptTo(index: number): void;
}

interface DoubleSource {
  readonly entries: readonly { readonly index: number; readonly h5live: { readonly security: object } }[];
  readonly startIndex: number;
  readonly options: {
    readonly adaption: { readonly rule: string };
    readonly switch: { readonly forcePlay: boolean; readonly method: string };
  };
}

export interface SocketConnection {
  readonly atMs: number;
  readonly stream: string;
  readonly verdict: 'ok' | 'instructed' | number;
  readonly fields: readonly string[];
}

/** Must be the defaults of the demo's fakes. */
const API_KEY = 'demo-api-key';
const STREAMS = ['demo-high', 'demo-medium', 'demo-low'];
/** The shortest delays that the player takes; its defaults are longer. */
export const QUICK_RECONNECT = { minDelay: 1, maxDelay: 1.2, delaySteps: 2, maxRetries: 2 };

function socketOrigin(): string {
  const origin = testEnvironment().nanoSocketOrigin;
  if (origin === undefined) throw new Error('The double of the vendor’s server did not start.');
  return origin;
}

async function call(path: string, body?: object): Promise<Response> {
  const url = socketOrigin().replace('ws:', 'http:') + path;
  return fetch(url, body ? { method: 'POST', body: JSON.stringify(body) } : {});
}

/** Applies a fault to the next or the open connections, or clears all faults. */
export async function controlSocket(request: ControlRequest): Promise<void> {
  await call('/control', request);
}

/** The connections that were to play, without the probes of the player's setup. */
export async function socketConnections(): Promise<readonly SocketConnection[]> {
  const connections = (await (await call('/connections')).json()) as SocketConnection[];
  return connections.filter(({ fields }) => fields.includes('cid'));
}

/** How often the player has asked the bintu API for streams and groups, by path. */
export async function bintuLookups(): Promise<readonly string[]> {
  const lookups = (await (await call('/lookups')).json()) as { path: string }[];
  return lookups.map(({ path }) => path);
}

/** The player that was created last. */
export function vendorPlayer(): NanoPlayerDouble {
  const { NanoPlayer } = globalThis as { NanoPlayer?: { last: NanoPlayerDouble | null } };
  if (!NanoPlayer?.last) throw new Error('The vendor’s player was not made.');
  return NanoPlayer.last;
}

export function vendorSource(): PlayerSource {
  const entries = STREAMS.map((streamname, index): SourceEntry => ({
    index,
    label: streamname,
    info: { bitrate: 1200 - 400 * index },
    h5live: {
      server: { websocket: `${socketOrigin()}/h5live/stream.mp4` },
      rtmp: { url: 'rtmp://play.example/play', streamname },
    },
  }));
  return { entries, startIndex: 2 };
}

async function askVendor(path: string, body: object): Promise<unknown> {
  const response = await fetch(`${backendOrigin()}/nanostream${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'X-BINTU-APIKEY': API_KEY },
    body: JSON.stringify(body),
  });
  return response.json();
}

/** `group`: a JWT for the group whose id is asked for. */
type TokenKind = 'jwt' | 'sts' | 'group';

/** Tokens straight from the fakes of the vendor's services, as a backend would proxy them. */
export function vendorTokens(kind: TokenKind, ttlSeconds: number): SecurePlayer['tokenSource'] {
  return async ({ streams }) => {
    const expiresAt = Math.floor(Date.now() / 1000) + ttlSeconds;
    const tokens = await Promise.all(
      streams.map(async (stream) => {
        if (kind !== 'sts') {
          // Without it two tokens of one second would be the same.
          const user = crypto.randomUUID();
          const scope = kind === 'group' ? { groupid: stream } : { streams: [stream] };
          const answer = await askVendor('/api/v1/splay', { ...scope, exp: expiresAt, user });
          const { data } = answer as { data: { token: string } };
          return { stream, expiresAt, security: { jwtoken: data.token } };
        }
        const body = { streamname: stream, expires: String(expiresAt), tag: 'test' };
        const { h5live } = (await askVendor('/secure/token', body)) as {
          h5live: { security: Record<string, string> };
        };
        return { stream, expiresAt, security: h5live.security };
      }),
    );
    return { tokens, serverTime: Math.floor(Date.now() / 1000) };
  };
}

allowVendorScripts(['/test/doubles/nanoplayer/']);
let lastVersion: 4 | 5 = 5;
let versionChanges = 0;

/** Each major version is a script that defines the same global variable: another version is loaded by another address. */
function nanoScript(version: 4 | 5): string {
  if (version !== lastVersion) versionChanges += 1;
  lastVersion = version;
  return `/test/doubles/nanoplayer/nanoplayer-${version}.js${versionChanges > 0 ? `?${versionChanges}` : ''}`;
}

export interface NanoSetup {
  /** Major version of the player. @defaultValue 5 */
  version?: 4 | 5;
  kind?: TokenKind;
  ttlSeconds?: number;
  attributes?: Record<string, string>;
  prepare?: (player: SecurePlayer) => void;
}

/** A player on the vendor's double with three entries, which begins with the smallest. */
export function mountNano({
  version = 5,
  kind = 'jwt',
  ttlSeconds = 60,
  attributes = {},
  prepare,
}: NanoSetup = {}): PlayerFixture {
  // Addresses of the vendor's own hosts, as in pasted configurations, lead to the local double.
  window.nanoPlayerNetwork = { origin: socketOrigin() };
  return mountPlayer({
    engine: 'nanoplayer',
    src: '',
    attributes: { 'nanoplayer-src': nanoScript(version), ...attributes },
    prepare: (player) => {
      player.removeAttribute('src');
      player.source = vendorSource();
      player.tokenSource = vendorTokens(kind, ttlSeconds);
      player.nanoPlayerConfig = { playback: { reconnect: QUICK_RECONNECT } };
      prepare?.(player);
    },
  });
}

/** Names of the vendor player's events in `diagnostics()`: `update:success`, `pause:normal`, … */
export function vendorNotes(player: SecurePlayer): string[] {
  const { events } = player.diagnostics() as { events: readonly Record<string, unknown>[] };
  return events.flatMap(({ type, outcome, reason, code }) => {
    const [, name] = /^nanoplayer-(.+)$/.exec(String(type)) ?? [];
    const detail = outcome ?? reason ?? code;
    if (name === undefined) return [];
    return [typeof detail === 'string' || typeof detail === 'number' ? `${name}:${detail}` : name];
  });
}
