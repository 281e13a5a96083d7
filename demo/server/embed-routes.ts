import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono } from 'hono';
import type { EmbedConfig } from '@gatecast/player/embed';
import type { BackendEnv } from '../backend/http/backend-env.js';

export interface EmbedRoutesOptions {
  /** Folder of `gatecast-embed.html`. */
  readonly folder: () => Promise<string>;
  /** Port of this server. Its two names are two sites for a browser: one has the page, the other one the frame. */
  readonly port: () => number;
}

/** Serves the embed page as a team does: with its own lists of pages and streams, and a policy that agrees with them. */
export function createEmbedRoutes({ folder, port }: EmbedRoutesOptions): Hono<BackendEnv>['fetch'] {
  const app = new Hono<BackendEnv>();
  app.get('/gatecast-embed.html', async (context) => {
    const parents = ['localhost', '127.0.0.1'].map((host) => `http://${host}:${String(port())}`);
    // `?cookies` shows the way with a token endpoint of the frame's own origin.
    const cookies = context.req.query('cookies') === undefined ? {} : { tokenUrl: '/api/tokens' };
    const page = await readFile(join(await folder(), 'gatecast-embed.html'), 'utf8');
    context.header('Content-Security-Policy', `frame-ancestors ${parents.join(' ')}`);
    context.header('Cache-Control', 'no-cache');
    return context.html(
      fillConfig(page, { allowedParents: parents, allowedSources: ['/live/', '/whep/'], ...cookies }),
    );
  });
  app.get('/gatecast-embed.css', async (context) => {
    const styles = await readFile(join(await folder(), 'gatecast-embed.css'), 'utf8');
    return context.body(styles, 200, { 'Content-Type': 'text/css; charset=utf-8' });
  });
  return app.fetch;
}

/** Writes a configuration into the embed page. */
export function fillConfig(page: string, config: EmbedConfig): string {
  const json = JSON.stringify(config, null, 2).replaceAll('<', '\\u003c');
  return page.replace(/(<script[^>]+id="gatecast-embed">)[^<]*/, (_all, tag: string) => `${tag}${json}`);
}
