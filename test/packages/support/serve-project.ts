import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import type { BackendEnv } from '../../../demo/backend/http/backend-env.js';
import { createBackend } from '../../../demo/backend/backend.js';
import { listen, originOf, stopServer, toNodeHandler } from '../../../demo/backend/http/http-listener.js';

export interface ServedProject {
  readonly origin: string;
  close(): Promise<void>;
}

export interface ServeProjectOptions {
  /** Life of the tokens. Default: 10, so that they are renewed while a test runs. */
  readonly tokenTtlSeconds?: number;
  /** Response headers of every page. */
  readonly pageHeaders?: Readonly<Record<string, string>>;
  /** Answers requests before the backend does; `null` for those that it does not know. */
  readonly routes?: (request: Request) => Promise<Response> | null;
  /** Changes a file before it is sent to the browser. */
  readonly alter?: (path: string, bytes: Buffer) => Buffer;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
};

/**
 * Serves the files of a folder with the demo's token backend and streams beside them, and a team's own token endpoint
 * as in the examples of the documentation: `GET /my/token?stream=demo` answers `{ token }`.
 *
 * @param folder - `null`: the backend alone, for a development server that forwards to it.
 */
export async function serveProject(
  folder: string | null,
  {
    tokenTtlSeconds = 10,
    pageHeaders = {},
    routes = () => null,
    alter = (_path, bytes) => bytes,
  }: ServeProjectOptions = {},
): Promise<ServedProject> {
  const backend = await createBackend({ tokenTtlSeconds });

  async function answerOwnToken(request: Request, env: BackendEnv['Bindings']): Promise<Response> {
    const url = new URL(request.url);
    const body = JSON.stringify({ purpose: 'playback', streams: [url.searchParams.get('stream')] });
    const asked = new Request(new URL('/api/tokens', url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    const answer = await backend.fetch(asked, env);
    if (!answer.ok) return answer;
    const { tokens } = (await answer.json()) as { tokens: { token: string }[] };
    return Response.json({ token: tokens[0]?.token }, { headers: { 'Cache-Control': 'no-store' } });
  }

  async function answerFile(pathname: string): Promise<Response> {
    if (folder === null) return new Response('There are no files.\n', { status: 404 });
    const path = normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    const type = contentTypes[extname(path)] ?? 'application/octet-stream';
    try {
      const bytes = alter(path, await readFile(join(folder, path)));
      return new Response(new Uint8Array(bytes), {
        headers: { 'Content-Type': type, ...(extname(path) === '.html' && pageHeaders) },
      });
    } catch {
      return new Response('There is no such file.\n', { status: 404 });
    }
  }

  const answer = toNodeHandler((request, env) => {
    const { pathname } = new URL(request.url);
    const own = routes(request);
    if (own) return own;
    if (pathname === '/my/token') return answerOwnToken(request, env);
    return backend.handles(pathname) ? backend.fetch(request, env) : answerFile(pathname);
  });
  const server = createServer(answer);
  await listen(server, 0, '127.0.0.1');
  return {
    origin: originOf(server),
    async close() {
      backend.close();
      await stopServer(server);
    },
  };
}
