import { type BootstrapOptions, createTokenHandler, Problem } from '@gatecast/server';
import { Hono } from 'hono';
import type { BackendContext, BackendEnv } from '../http/backend-env.js';
import { cutConnection } from '../http/cut-connection.js';
import { type Faults, toProblem } from '../qa/faults.js';
import { isReshaped, reshapeAnswer } from '../tokens/answer-shapes.js';
import { noteQuestion } from '../tokens/note-question.js';
import { describeScheme } from './describe-scheme.js';
import type { SchemeCounts } from './scheme-counts.js';
import { createSchemeIssuer } from './scheme-issuers.js';
import { isSchemeStream } from './scheme-stream.js';
import { rootOf } from './scheme-origin.js';
import type { SchemeContext, SchemeRow } from './scheme-row.js';
import { findScheme, schemeTable } from './scheme-table.js';
import type { TokenEnds } from './token-ends.js';

export interface SchemeRoutesOptions {
  readonly context: SchemeContext;
  readonly counts: SchemeCounts;
  readonly faults: Faults;
  /** Lifetime of tokens in seconds, without `?ttl=`. */
  readonly ttlSeconds: () => number;
  readonly ends: TokenEnds;
  readonly now: () => number;
  /** Requests playlists of the media origins. */
  readonly fetch: typeof globalThis.fetch;
}

/** The origin is this process: if it is slow, the machine is busy. */
const MEDIA_LIMITS = { firstByteMs: 5000, timeoutMs: 5000 };

/**
 * Serves `GET /api/schemes` (what a page needs to play with each scheme), `POST /api/schemes/<scheme>/tokens` (a token endpoint,
 * with the lifetime `?ttl=<seconds>`, with the first playlists for `?bootstrap`, and with the first media for `?bootstrap=media`), and
 * `GET` and `DELETE /api/schemes/counts`.
 */
export function createSchemeRoutes(options: SchemeRoutesOptions): Hono<BackendEnv> {
  const { context, counts, faults, ends, now } = options;
  const app = new Hono<BackendEnv>();

  app.get('/api/schemes', (hono) => hono.json({ schemes: schemeTable.map(describeScheme) }));
  app.get('/api/schemes/counts', (hono) => hono.json({ counts: counts.list() }));
  app.delete('/api/schemes/counts', () => {
    counts.clear();
    return new Response(null, { status: 204 });
  });

  app.all('/api/schemes/:scheme/tokens', async (hono) => {
    const row = findScheme(hono.req.param('scheme'));
    if (!row) throw new Problem('not-found', 'There is no such scheme.');
    const { raw } = hono.req;
    const entry = hono.get('entry');
    if (entry) await noteQuestion(entry, raw.clone());
    if (faults.tokens.down) return cutConnection(hono);
    const failure = raw.method === 'POST' ? faults.takeTokenFailure() : undefined;
    if (failure) throw toProblem(failure);
    const ttlSeconds = readTtl(hono) ?? options.ttlSeconds();
    const root = rootOf(raw.url, row);
    const issuer = createSchemeIssuer(row.config(root, ends.lifetimeOf(row.name, ttlSeconds)), context);
    const wanted = hono.req.query('bootstrap');
    const isBootstrapping = faults.tokens.bootstrap ?? wanted !== undefined;
    const media = wanted === 'media' && !isReshaped(faults.tokens) && MEDIA_LIMITS;
    const handle = createTokenHandler({
      issuers: { playback: issuer },
      authorize: (_, { streams }) => {
        for (const stream of streams) if (isSchemeStream(stream)) counts.of(row.name, stream).tokens += 1;
        // The end, and not the lifetime: issuers of JWTs have another clock. A CDN would renew a token past it.
        const claims = row.renew ? {} : { exp: ends.endOf(row.name, ttlSeconds) };
        return { streams: streams.filter(isSchemeStream), claims };
      },
      ...(isBootstrapping && { bootstrap: { ...firstPlaylists(row, root), media, fetch: options.fetch } }),
      now,
    });
    return reshapeAnswer(await handle(raw), faults.tokens, (token) => token);
  });
  return app;
}

/** Where the first playlists of a scheme are. The origin is in this process, so that the response waits for all of them. */
function firstPlaylists(row: SchemeRow, root: string): BootstrapOptions {
  const common = { upstreams: [`${root}/`], budgetMs: 10_000 };
  const { src } = describeScheme(row);
  if (src === null) return common;
  const { origin } = new URL(root);
  return { ...common, playlistUrl: (stream) => origin + src.replace('{stream}', encodeURIComponent(stream)) };
}

function readTtl(hono: BackendContext): number | undefined {
  const text = hono.req.query('ttl');
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 3600) return seconds;
  throw new Problem('request-invalid', 'The lifetime "ttl" is not a whole number of seconds from 1 to 3600.');
}
