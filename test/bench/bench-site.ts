import { createServer } from 'node:http';
import { brotliCompressSync } from 'node:zlib';
import { createTokenHandler, playbackJwtIssuer } from '@gatecast/server';
import { createBackend, type Backend } from '../../demo/backend/backend.js';
import { listen, portOf, stopServer, toNodeHandler } from '../../demo/backend/http/http-listener.js';
import type { LogEntry } from '../../demo/backend/http/request-log.js';
import { startNanoSocketServer } from '../doubles/nanoplayer/socket-server.js';
import { broadband, createShapedNetwork, type NetworkShape } from './network/shaped-network.js';
import type { PageBundles } from './page-bundles.js';
import { writePage, type PageKind } from './write-page.js';

export interface BenchSiteOptions {
  readonly bundles: PageBundles;
  readonly roundTripMs: number;
  readonly tokenTtlSeconds: number;
  /** @defaultValue `origin` */
  readonly setUpFor?: NetworkShape['setUpFor'];
}

/** Pages and media on two origins behind the same shaped network. */
export interface BenchSite {
  /** Adds a page that plays a stream, for one visit. Returns its URL. */
  addPage(kind: PageKind, options?: PageOptions): Promise<string>;
  /** The backend's requests since an instant (milliseconds since the epoch). */
  requestsSince(atMs: number): Promise<readonly LogEntry[]>;
  close(): Promise<void>;
}

export interface PageOptions {
  /** @defaultValue `demo` */
  readonly stream?: string;
  readonly renewEveryMs?: number;
}

const nanoTokensPath = '/vendor-tokens';

const headers = { 'Cache-Control': 'no-store', 'Timing-Allow-Origin': '*' };
/** Scripts stay in the cache for a return visit. Each site has an origin of its own, so none is out of date. */
const scriptHeaders = { ...headers, 'Cache-Control': 'public, max-age=31536000, immutable' };

/** Starts page origin, media origin and the network between browser and servers. */
export async function startBenchSite(options: BenchSiteOptions): Promise<BenchSite> {
  const { bundles, roundTripMs, tokenTtlSeconds, setUpFor = broadband.setUpFor } = options;
  const network = createShapedNetwork({ ...broadband, roundTripMs, setUpFor });
  const backend = await createBackend({ tokenTtlSeconds });
  const media = await backend.listen();
  const mediaOrigin = await network.reach(Number(new URL(media.origin).port));
  const nanoServer = await startNanoSocketServer(media.origin);
  const nanoOrigin = await network.reach(Number(new URL(nanoServer.origin).port));
  const nanoTokens = vendorTokens(media.origin, tokenTtlSeconds);
  const pages = new Map<string, Buffer>();

  async function answer(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    if (pathname === nanoTokensPath) return nanoTokens(request);
    if (pathname.startsWith('/api/')) return askBackend(backend, mediaOrigin + pathname + search, request);
    const page = pages.get(pathname);
    if (page) return compressed(page, 'text/html; charset=utf-8', headers);
    const asset = bundles.assets.get(pathname);
    if (asset) return compressed(asset, 'text/javascript; charset=utf-8', scriptHeaders);
    return new Response('There is no such file.\n', { status: 404, headers });
  }

  const server = createServer(toNodeHandler(answer));
  await listen(server, 0, '127.0.0.1');
  const pageOrigin = await network.reach(portOf(server));

  return {
    async addPage(kind, { stream = 'demo', renewEveryMs } = {}) {
      const settings = {
        src: `${mediaOrigin}/live/${stream}.m3u8`,
        stream,
        tokenUrl: kind.includes('nanoplayer') ? nanoTokensPath : '/api/tokens',
        nanoSocket: nanoOrigin.replace('http:', 'ws:'),
        ...(renewEveryMs !== undefined && { renewEveryMs }),
        ...(kind === 'hand-written with token' && { token: await mintToken(backend, mediaOrigin, stream) }),
      };
      const path = `/page-${pages.size}.html`;
      pages.set(path, brotliCompressSync(writePage(kind, settings, bundles)));
      return pageOrigin + path;
    },
    async requestsSince(atMs) {
      const response = await backend.fetch(new Request(`${mediaOrigin}/api/qa/log?since=${atMs}`));
      return ((await response.json()) as { entries: LogEntry[] }).entries;
    },
    async close() {
      await network.close();
      await nanoServer.close();
      await media.close();
      await stopServer(server);
    },
  };
}

/** A backend that fetches playback JWTs from the demo's fake of the vendor's service. */
function vendorTokens(origin: string, ttlSeconds: number) {
  const url = `${origin}/nanostream/api/v1/splay`;
  const issuer = playbackJwtIssuer({ apiKey: 'demo-api-key', url, ttlSeconds });
  return createTokenHandler({ issuers: { playback: issuer }, authorize: () => true });
}

/** Lets the page's backend fetch playlists without the shaped network, but with media URLs behind it. */
async function askBackend(backend: Backend, url: string, request: Request): Promise<Response> {
  const body = request.method === 'POST' ? await request.text() : undefined;
  const { method } = request;
  return backend.fetch(
    new Request(url, { method, headers: request.headers, ...(body !== undefined && { body }) }),
  );
}

async function mintToken(backend: Backend, origin: string, stream: string): Promise<string> {
  const response = await backend.fetch(
    new Request(`${origin}/api/tokens`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ purpose: 'playback', streams: [stream], reason: 'initial' }),
    }),
  );
  const { tokens } = (await response.json()) as { tokens: { token: string }[] };
  return tokens[0]?.token ?? '';
}

function compressed(bytes: Buffer, type: string, common: Record<string, string>): Response {
  return new Response(new Uint8Array(bytes), {
    headers: {
      ...common,
      'Content-Type': type,
      'Content-Encoding': 'br',
      'Content-Length': String(bytes.length),
    },
  });
}
