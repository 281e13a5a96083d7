import { existsSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import type { BackendEnv } from '../backend/http/backend-env.js';

const waitingPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta http-equiv="refresh" content="3" />
    <title>Documentation</title>
    <style>
      body { display: grid; place-content: center; min-height: 90vh; margin: 0; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; text-align: center; }
    </style>
  </head>
  <body>
    <main>
      <h1>The documentation is being built</h1>
      <p>After a change this takes about half a minute. This page reloads by itself.</p>
      <p>If it does not finish, run <code>npm run docs:build</code> to see the error.</p>
    </main>
  </body>
</html>
`;

/** Serves `/docs/…` from the folder of the built site. Until the site exists, sends a page that reloads itself. */
export function createDocsRoutes(folder: string): Hono<BackendEnv>['fetch'] {
  // Without the folder the middleware logs a warning until the first build is done.
  mkdirSync(folder, { recursive: true });
  const app = new Hono<BackendEnv>();
  app.get('/docs', (context) => context.redirect('/docs/'));
  app.use('/docs/*', async (context, next) => {
    if (existsSync(join(folder, 'index.html'))) return next();
    return context.html(waitingPage, 503, { 'Retry-After': '3', 'Cache-Control': 'no-store' });
  });
  app.get(
    '/docs/*',
    serveStatic({ root: folder, rewriteRequestPath: (path) => path.replace(/^\/docs/, '') }),
  );
  app.notFound(async (context) => {
    const page = await readFile(join(folder, '404.html'), 'utf8').catch(() => 'Page not found.\n');
    return context.html(page, 404);
  });
  return app.fetch;
}
