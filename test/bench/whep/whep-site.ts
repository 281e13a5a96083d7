import { createServer } from 'node:http';
import { createBackend } from '../../../demo/backend/backend.js';
import { listen, portOf, stopServer, toNodeHandler } from '../../../demo/backend/http/http-listener.js';
import { broadband, createShapedNetwork } from '../network/shaped-network.js';
import type { Assets } from '../page-bundles.js';

export interface WhepSite {
  /** Without the network: of the broadcaster, and of tests without a round trip. */
  readonly near: { readonly page: string; readonly backend: string };
  /** The same pages and the same backend, behind the network. */
  readonly far: { readonly page: string; readonly backend: string };
  setFaults(faults: Readonly<Record<string, unknown>>): Promise<void>;
  /** Methods and states of the requests for a stream's WHEP sessions. */
  whepRequests(stream: string, sinceMs: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

export const STREAM = 'bench-whep';
const TOKEN_TTL_SECONDS = 3600;

/** Pages and backend, each with and without a network of this round trip. Media of WebRTC is sent by UDP, which does not pass it. */
export async function startWhepSite(assets: Assets, roundTripMs: number): Promise<WhepSite> {
  const network = createShapedNetwork({ ...broadband, roundTripMs });
  const backend = await (await createBackend({ tokenTtlSeconds: TOKEN_TTL_SECONDS })).listen();
  const server = createServer(
    toNodeHandler((request) => Promise.resolve(answer(request, assets, backend.origin))),
  );
  await listen(server, 0, '127.0.0.1');
  return {
    near: { page: `http://127.0.0.1:${portOf(server)}`, backend: backend.origin },
    far: {
      page: await network.reach(portOf(server)),
      backend: await network.reach(Number(new URL(backend.origin).port)),
    },
    async setFaults(faults) {
      const { ok, status } = await fetch(`${backend.origin}/api/qa/faults`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(faults),
      });
      if (!ok) throw new Error(`The backend refused the faults (HTTP ${status}).`);
    },
    async whepRequests(stream, sinceMs) {
      const response = await fetch(`${backend.origin}/api/qa/log?since=${sinceMs}`);
      const { entries } = (await response.json()) as {
        entries: { method: string; path: string; status: number }[];
      };
      return entries
        .filter(({ path }) => path.startsWith(`/whep/${stream}`))
        .map(({ method, status }) => `${method} ${status}`);
    },
    async close() {
      await network.close();
      await backend.close();
      await stopServer(server);
    },
  };
}

/** The page with the webcaster; all others have players only. */
export const BROADCAST_PATH = '/broadcast';
/** The page of the bench `sending`, which adds what it measures. */
export const SENDING_PATH = '/sending';

function pageOf(body: string, script: string): string {
  return `<!doctype html><html lang="en"><title>bench</title><body>${body}
<script type="module" src="/gatecast.js"></script><script type="module" src="/${script}.js"></script></body></html>`;
}

function answer(request: Request, assets: Assets, backendOrigin: string): Response {
  const { pathname } = new URL(request.url);
  const asset = assets.get(pathname);
  const type = asset ? 'text/javascript' : 'text/html; charset=utf-8';
  const headers = { 'Content-Type': type, 'Cache-Control': 'no-store' };
  if (asset)
    return new Response(new Uint8Array(asset), { headers: { ...headers, 'Content-Encoding': 'br' } });
  const webcaster = `<secure-webcaster stream="${STREAM}" endpoint="${backendOrigin}/whip/{stream}" token-url="${backendOrigin}/api/tokens"></secure-webcaster>`;
  const body = pathname === BROADCAST_PATH ? webcaster : '';
  return new Response(pageOf(body, pathname === SENDING_PATH ? 'sending' : 'whep'), { headers });
}
