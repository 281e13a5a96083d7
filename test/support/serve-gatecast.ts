import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { listen, originOf, stopServer } from '../../demo/backend/http/http-listener.js';

export interface GatecastSite {
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves a page at `/` and the script-tag build, on a separate origin. */
export async function serveGatecast(folder: string, page: string): Promise<GatecastSite> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = join(folder, pathname);
    if (pathname === '/') response.setHeader('Content-Type', 'text/html').end(page);
    else if (existsSync(path)) response.setHeader('Content-Type', 'text/javascript').end(readFileSync(path));
    else response.writeHead(404).end();
  });
  await listen(server, 0, '127.0.0.1');
  return { origin: originOf(server), close: () => stopServer(server) };
}
