import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { buildGatecast } from '../../../.config/bundle/build-gatecast.js';
import { createBackend } from '../../../demo/backend/backend.js';
import { listen, originOf, stopServer } from '../../../demo/backend/http/http-listener.js';

/** A page with one player, as its author would write it, on its own origin. */
export interface ProtectedPage {
  readonly address: string;
  /** Another page of the same site. */
  readonly elsewhere: string;
  /** Requests since a time that the origin refused with 401 or 403, by kind and status. */
  refusals(sinceMs: number): Promise<string[]>;
  close(): Promise<void>;
}

const head = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>player</title>';

/** Serves `gatecast.js`, a page that uses it, and the demo's backend with short tokens. */
export async function serveProtectedPage({
  tokenTtlSeconds,
}: {
  tokenTtlSeconds: number;
}): Promise<ProtectedPage> {
  const { folder } = await buildGatecast();
  const backend = await createBackend({ tokenTtlSeconds });
  const { origin: media, close: closeBackend } = await backend.listen();
  const player = `<secure-player src="${media}/live/demo-low.m3u8" token-url="${media}/api/tokens" muted autoplay></secure-player>`;
  const pages: Readonly<Record<string, string>> = {
    '/': `${head}<script type="module" src="/gatecast.js"></script></head><body>${player}</body></html>`,
    '/elsewhere': `${head}</head><body>Another page.</body></html>`,
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const html = pages[pathname];
    if (html !== undefined) {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
      return;
    }
    readFile(join(folder, basename(pathname))).then(
      (script) => response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script),
      () => response.writeHead(404).end(),
    );
  });
  await listen(server, 0, '127.0.0.1');
  const address = originOf(server);
  return {
    address: `${address}/`,
    elsewhere: `${address}/elsewhere`,
    async refusals(sinceMs) {
      const answer = await fetch(`${media}/api/qa/log?since=${sinceMs}`);
      const { entries } = (await answer.json()) as { entries: { kind: string; status: number }[] };
      return entries
        .filter(({ status }) => status === 401 || status === 403)
        .map(({ kind, status }) => `${kind} ${status}`);
    },
    async close() {
      await Promise.all([stopServer(server), closeBackend()]);
    },
  };
}
