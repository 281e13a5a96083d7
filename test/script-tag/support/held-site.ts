import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createBackend } from '../../../demo/backend/backend.js';
import { listen, originOf, stopServer, toNodeHandler } from '../../../demo/backend/http/http-listener.js';
import { until } from '../../support/wait.js';

/** A page, its token endpoint and a media origin. All answers except the page wait until the test releases them. */
export interface HeldSite {
  readonly pageOrigin: string;
  readonly mediaOrigin: string;
  /** What came, in order: file names without hash, `segment` for media, and `connection` for one to the media origin. */
  readonly arrived: readonly string[];
  /** Sets the page at `/`. */
  setPage(html: string): void;
  /**
   * Resolves when all of these have come.
   * @throws Error when one does not come in time.
   */
  waitFor(names: readonly string[]): Promise<void>;
  /** Answers all requests that wait, except for these names. */
  release(except?: readonly string[]): void;
  /** Answers all requests at once from now on. */
  open(): void;
  close(): Promise<void>;
}

/** The last part of the path, without what differs between builds and between segments. */
function nameOf({ url }: Request): string {
  const name = new URL(url).pathname.split('/').pop() ?? '';
  if (name === '') return 'page';
  return name.endsWith('.m4s') ? 'segment' : name.replace(/-[\w-]{8}(?=\.js$)/, '');
}

/** @param folder - of the script-tag build. */
export async function startHeldSite(folder: string): Promise<HeldSite> {
  const startedMs = Date.now();
  // The live stream stands still, so that a busy machine does not leave the segments of its playlist behind.
  const backend = await createBackend({ now: () => startedMs });
  const arrived: string[] = [];
  const waiting: { readonly name: string; readonly answer: () => void }[] = [];
  let isHeld = true;
  let page = '';

  const held = (answer: (request: Request) => Response | Promise<Response>) =>
    toNodeHandler(async (request) => {
      const name = nameOf(request);
      arrived.push(name);
      // Nothing comes before the page, and the browser's driver waits for it.
      if (isHeld && name !== 'page')
        await new Promise<void>((resolve) => waiting.push({ name, answer: resolve }));
      return answer(request);
    });
  function release(except: readonly string[] = []): void {
    for (const each of waiting.splice(0)) {
      if (except.includes(each.name)) waiting.push(each);
      else each.answer();
    }
  }
  function open(): void {
    isHeld = false;
    release();
  }

  const media = createServer(held((request) => backend.fetch(request)));
  media.on('connection', () => arrived.push('connection'));
  await listen(media, 0, '127.0.0.1');

  const pages = createServer(
    held(async (request) => {
      const { pathname, search } = new URL(request.url);
      // The token endpoint answers playlists and media with addresses of the media origin.
      if (pathname.startsWith('/api/'))
        return backend.fetch(await moved(request, originOf(media) + pathname + search));
      if (pathname === '/')
        return new Response(page, { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
      const path = join(folder, pathname);
      if (!existsSync(path)) return new Response(null, { status: 404 });
      return new Response(readFileSync(path), { headers: { 'Content-Type': 'text/javascript' } });
    }),
  );
  await listen(pages, 0, '127.0.0.1');

  return {
    pageOrigin: originOf(pages),
    mediaOrigin: originOf(media),
    arrived,
    setPage: (html) => {
      page = html;
    },
    waitFor: (names) =>
      until(() => names.every((name) => arrived.includes(name)), names.join(', ')).catch((error: unknown) => {
        throw new Error(`Not all came of ${names.join(', ')}, but: ${arrived.join(', ')}.`, { cause: error });
      }),
    release,
    open,
    async close() {
      backend.close();
      await Promise.all([stopServer(pages), stopServer(media)]);
      open();
    },
  };
}

async function moved(request: Request, url: string): Promise<Request> {
  const { method, headers } = request;
  return new Request(url, { method, headers, ...(method === 'POST' && { body: await request.text() }) });
}
