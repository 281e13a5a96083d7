import { existsSync } from 'node:fs';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer as createViteServer } from 'vite';
import { createBackend } from '../backend/backend.js';
import { readTrustedKeys } from '../backend/tokens/trusted-keys.js';
import { guardRequests, guardUpgrades } from '../backend/http/guard-requests.js';
import { listen, portOf, stopServer, toNodeHandler } from '../backend/http/http-listener.js';
import { builtDocsFolder } from '../docs/.vitepress/docs-step.js';
import { createDocsRoutes } from './docs-routes.js';
import { createEmbedRoutes } from './embed-routes.js';
import { buildDocsAside } from './keep-docs-built.js';
import { setStrictPolicy } from './content-security-policy.js';
import { keepScriptTagBuilt } from './keep-script-tag-built.js';
import { createScriptTagRoutes } from './script-tag-routes.js';
import type { ServerSettings } from './server-settings.js';

const demoFolder = fileURLToPath(new URL('..', import.meta.url));
const repositoryFolder = fileURLToPath(new URL('../..', import.meta.url));
const scriptTagPath = /^\/gatecast[\w.-]*\.js(\.map)?$/;
const embedPath = /^\/gatecast-embed\.(?:html|css)$/;
const docsPath = /^\/docs(\/|$)/;
/** Vite's middleware starts an editor for any page that requests this path, also from another site. */
const editorPath = /^\/__open-in-editor/i;

/** The running demo server. */
export interface DemoServer {
  readonly origin: string;
  /** What works only later. */
  readonly warnings: readonly string[];
  /** Builds `gatecast.js` if it is out of date, and compresses it. @throws Error of the build. */
  buildScriptTag(): Promise<void>;
  /** Builds the documentation if it is out of date, in a process with low priority. @throws Error of the build. */
  buildDocs(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a server for pages, backend, `gatecast.js` and documentation in this process.
 *
 * @throws Error with `code` `EADDRINUSE` if the port is taken, and one that says what is wrong with `streamJwks`.
 */
export async function startDemoServer(settings: ServerSettings): Promise<DemoServer> {
  const { port, tokenTtlSeconds, allowedHosts = [], streamJwks, folder = '.' } = settings;
  const trusted = streamJwks === undefined ? undefined : await readTrustedKeys(streamJwks, { folder });
  const backend = await createBackend({ tokenTtlSeconds, trustedKeys: trusted?.keys });
  const servers = [createServer(), createServer()] as const;
  // Never listens. Vite adds a listener for its WebSocket, and gets only upgrades that have been checked.
  const hotUpdates = createServer();
  const vite = await createViteServer({
    configFile: join(repositoryFolder, 'vite.config.ts'),
    root: demoFolder,
    clearScreen: false,
    server: { middlewareMode: true, hmr: { server: hotUpdates }, allowedHosts: [...allowedHosts] },
  });
  const build = keepScriptTagBuilt(vite.watcher);
  const answerBackend = toNodeHandler(backend.fetch);
  const scriptTag = createScriptTagRoutes({ folder: build });
  const answerScriptTag = toNodeHandler(scriptTag.fetch);
  const answerEmbed = toNodeHandler(createEmbedRoutes({ folder: build, port: () => portOf(servers[0]) }));
  const answerDocs = toNodeHandler(createDocsRoutes(builtDocsFolder));
  const closing = new AbortController();

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const [pathname = '/'] = (request.url ?? '/').split('?', 1);
    if (backend.handles(pathname)) answerBackend(request, response);
    else if (scriptTagPath.test(pathname)) answerScriptTag(request, response);
    else if (embedPath.test(pathname)) answerEmbed(request, response);
    else if (docsPath.test(pathname)) answerDocs(request, response);
    else if (editorPath.test(pathname)) answerNotFound(response);
    else if (isPageFolder(pathname)) redirectToFolder(pathname, response);
    else {
      setStrictPolicy(pathname, response);
      vite.middlewares(request, response, () => answerNotFound(response));
    }
  }

  const onRequest = guardRequests(answer, { allowedHosts });
  const onUpgrade = guardUpgrades(
    (request, socket, head) => {
      const isVite =
        /^vite-(?:hmr|ping)$/.test(request.headers['sec-websocket-protocol'] ?? '') &&
        /^\/(?:\?|$)/.test(request.url ?? '');
      // Without a response, the connection would stay open.
      if (isVite) hotUpdates.emit('upgrade', request, socket, head);
      else socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    },
    { allowedHosts },
  );
  for (const server of servers) server.on('request', onRequest).on('upgrade', onUpgrade);

  async function close(): Promise<void> {
    closing.abort();
    backend.close();
    await Promise.all([vite.close(), ...servers.map(stopServer)]);
  }

  await listenOnLoopback(servers, port).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    origin: `http://localhost:${portOf(servers[0])}`,
    warnings: trusted?.warning === undefined ? [] : [trusted.warning],
    buildScriptTag: () => build().then(scriptTag.compress),
    buildDocs: () => buildDocsAside(closing.signal),
    close,
  };
}

/** Listens on the IPv4 and the IPv6 loopback address, because clients resolve `localhost` to either of them. */
async function listenOnLoopback([first, second]: readonly [Server, Server], port: number): Promise<void> {
  await listen(first, port, '127.0.0.1');
  await listen(second, portOf(first), '::1').catch((error: unknown) => {
    // A machine without IPv6 uses the first address only.
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw error;
  });
}

/** Whether to redirect `/player` to `/player/`. Without the slash, relative URLs in the page are wrong. */
function isPageFolder(pathname: string): boolean {
  return /^\/[\w-]+$/.test(pathname) && existsSync(join(demoFolder, pathname, 'index.html'));
}

function redirectToFolder(pathname: string, response: ServerResponse): void {
  response.writeHead(302, { Location: `${pathname}/` }).end();
}

function answerNotFound(response: ServerResponse): void {
  response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Page not found.\n');
}
