import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { Problem } from '@gatecast/server';
import { Hono } from 'hono';
import type { BackendEnv } from '../backend/http/backend-env.js';

export interface ScriptTagRoutesOptions {
  /** Folder of `gatecast.js` and its chunks. Called for each request, since a new build may have a new folder. */
  readonly folder: () => Promise<string>;
}

const encoders = { br: promisify(brotliCompress), gzip: promisify(gzip) };
type Encoding = keyof typeof encoders;

/** Largest number of compressed files in memory: enough for all chunks of a few builds. */
const mostEncoded = 64;

/** Routes of `gatecast.js`. */
export interface ScriptTagRoutes {
  readonly fetch: Hono<BackendEnv>['fetch'];
  /** Compresses all modules in a folder in advance, so that the first page does not wait for it. */
  readonly compress: (folder: string) => Promise<void>;
}

/** Serves `gatecast.js` and its chunks like a CDN: with CORS, compressed, and with immutable chunks. */
export function createScriptTagRoutes({ folder }: ScriptTagRoutesOptions): ScriptTagRoutes {
  const app = new Hono<BackendEnv>();
  app.onError((error) => (error instanceof Problem ? error : buildFailed()).toResponse());
  const encoded = new Map<string, Promise<Buffer>>();

  function encode(bytes: Buffer, encoding: Encoding, tag: string): Promise<Buffer> {
    const key = `${encoding} ${tag}`;
    const known = encoded.get(key) ?? encoders[encoding](bytes);
    if (encoded.size >= mostEncoded) encoded.clear();
    encoded.set(key, known);
    return known;
  }

  app.get('/:file{gatecast(?:-[\\w.-]+)?\\.js(?:\\.map)?}', async (context) => {
    const file = context.req.param('file');
    const path = join(await folder(), file);
    const bytes = await readFile(path).catch(() => {
      throw new Problem('not-found', 'No such file. A newer build may have replaced it.');
    });
    const tag = tagOf(bytes);
    const encoding = chooseEncoding(context.req.header('Accept-Encoding'));
    const headers = {
      'Content-Type': `${file.endsWith('.map') ? 'application/json' : 'text/javascript'}; charset=utf-8`,
      'Cache-Control': /^gatecast-(?!(?:worker|analytics|receiver|embed|embed-host)\.js)/.test(file)
        ? 'public, max-age=31536000, immutable'
        : 'no-cache',
      'Access-Control-Allow-Origin': '*',
      'Timing-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      Vary: 'Accept-Encoding',
      ETag: `"${tag}${encoding ? `-${encoding}` : ''}"`,
      ...(encoding && { 'Content-Encoding': encoding }),
    };
    if (context.req.header('If-None-Match') === headers.ETag) {
      return new Response(null, { status: 304, headers });
    }
    const body = encoding ? await encode(bytes, encoding, tag) : bytes;
    return new Response(new Uint8Array(body), {
      headers: { ...headers, 'Content-Length': String(body.length) },
    });
  });

  async function compress(built: string): Promise<void> {
    const files = (await readdir(built)).filter((file) => /^gatecast.*\.js$/.test(file));
    for (const file of files) {
      const bytes = await readFile(join(built, file));
      await encode(bytes, 'br', tagOf(bytes));
    }
  }

  return { fetch: app.fetch, compress };
}

function tagOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
}

function buildFailed(): Problem {
  return new Problem('internal', 'gatecast.js could not be built. See the error in the terminal.', {
    status: 503,
  });
}

function chooseEncoding(accepted = ''): Encoding | undefined {
  return (['br', 'gzip'] as const).find((name) =>
    new RegExp(`\\b${name}\\b(?!\\s*;\\s*q=0(?:\\.0*)?(?:,|$))`).test(accepted),
  );
}
