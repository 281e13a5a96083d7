import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build, preview, type Plugin } from 'vite';
import { buildGatecast } from '../../.config/bundle/build-gatecast.js';
import { sourceConditions } from '../../.config/bundle/build-environments.js';
import { repositoryRoot } from '../../.config/bundle/library-packages.js';
import { createBackend } from '../../demo/backend/backend.js';
import { toNodeHandler } from '../../demo/backend/http/http-listener.js';
import { pageFrame } from '../../demo/server/page-frame.js';
import { startLine } from '../../demo/server/start-line.js';
import { createScriptTagRoutes } from '../../demo/server/script-tag-routes.js';

const demoFolder = join(repositoryRoot, 'demo');
const outDir = join(repositoryRoot, '.build/demo-pages');
const scriptTagPath = /^\/gatecast[\w.-]*\.js(\.map)?$/;

/** The built pages of the demo and their backend, as in a deployment. */
export interface BuiltPages {
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * Builds the demo's pages and serves them.
 *
 * @param paths - of the pages, such as `/player/`.
 */
export async function serveBuiltPages(paths: readonly string[]): Promise<BuiltPages> {
  const { folder } = await buildGatecast();
  await build({
    configFile: false,
    root: demoFolder,
    logLevel: 'warn',
    resolve: { conditions: sourceConditions },
    plugins: [pageFrame(), startLine()],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      reportCompressedSize: false,
      chunkSizeWarningLimit: 700,
      rolldownOptions: { input: paths.map((path) => join(demoFolder, path, 'index.html')) },
    },
  });

  const backend = await createBackend();
  const answerBackend = toNodeHandler(backend.fetch);
  const answerScriptTag = toNodeHandler(
    createScriptTagRoutes({ folder: () => Promise.resolve(folder) }).fetch,
  );
  const routes: Plugin = {
    name: 'gatecast-built-pages',
    configurePreviewServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        const { pathname } = new URL(request.url ?? '/', 'http://localhost');
        if (backend.handles(pathname)) answerBackend(request, response);
        else if (scriptTagPath.test(pathname)) answerScriptTag(request, response);
        else next();
      });
    },
  };
  const server = await preview({
    configFile: false,
    root: demoFolder,
    appType: 'mpa',
    logLevel: 'warn',
    plugins: [routes],
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
  });
  const { port } = server.httpServer.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${String(port)}`,
    async close() {
      backend.close();
      await server.close();
    },
  };
}
