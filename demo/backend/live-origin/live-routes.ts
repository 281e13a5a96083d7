import { Problem, type TokenVerifier, readRequestToken } from '@gatecast/server';
import { Hono } from 'hono';
import type { BackendEnv } from '../http/backend-env.js';
import { cutConnection } from '../http/cut-connection.js';
import { type MediaAddress, type MediaKind, readMediaAddress } from '../http/media-address.js';
import { type Faults, toProblem } from '../qa/faults.js';
import { readByteRange } from './byte-range.js';
import { answerLicence } from './clearkey-licence.js';
import type { ContentKey } from './common-encryption.js';
import type { MediaResource, MediaSource } from './media-source.js';
import { streamCatalogue } from './stream-catalogue.js';

export interface LiveRoutesOptions {
  readonly verifier: TokenVerifier;
  readonly faults: Faults;
  /** Searched in this order; the first one that has the resource answers. */
  readonly sources: readonly MediaSource[];
  /** Of the stream whose key a licence brings. @defaultValue there are no licences */
  readonly contentKey?: ContentKey;
}

/**
 * Serves `/live/…`. Each playlist, init segment, segment and key needs a valid token for its stream. The token is
 * checked first, so that a client without one cannot find out which files exist.
 */
export function createLiveRoutes({
  verifier,
  faults,
  sources,
  contentKey,
}: LiveRoutesOptions): Hono<BackendEnv> {
  const app = new Hono<BackendEnv>();

  async function find(address: MediaAddress, request: Request): Promise<MediaResource> {
    const query = new URL(request.url).searchParams;
    for (const source of sources) {
      const resource = await source.find(address, { query, signal: request.signal });
      if (resource) return resource;
    }
    throw new Problem('not-found', 'No playlist or segment at this address. Old segments are removed.');
  }

  app.get('/live/*', async (context) => {
    if (faults.media.down) return cutConnection(context);
    const address = readMediaAddress(context.req.path.slice('/live/'.length));
    if (!address) throw new Problem('not-found', 'Unknown stream.');
    const failure = faults.takeRejection(address);
    if (failure) throw toProblem(failure);
    const { raw } = context.req;
    await verifier.verify(readRequestToken(raw), { stream: address.stream, request: raw });
    return toResponse(await find(address, raw), address.kind, context.req.header('Range'));
  });

  // As media: a licence needs a valid token for its stream, too.
  app.post('/live/:stream/licence', async (context) => {
    const stream = context.req.param('stream');
    const failure = faults.takeRejection({ stream, resource: 'licence', kind: 'key' });
    if (failure) throw toProblem(failure);
    const { raw } = context.req;
    await verifier.verify(readRequestToken(raw), { stream, request: raw });
    const form = streamCatalogue.get(stream);
    const isHere = form?.shape === 'media' && form.hasLicence === true;
    if (!contentKey || !isHere) throw new Problem('not-found', 'This stream has no licences.');
    const request: unknown = await raw.json().catch(() => null);
    return context.json(answerLicence(request, contentKey), 200, { 'Cache-Control': 'no-store' });
  });
  return app;
}

/** Playlists and keys change. Segments may be stored, but each use must be revalidated, which checks the token. */
const cacheControl: Record<MediaKind, string> = {
  playlist: 'no-store',
  key: 'no-store',
  init: 'private, no-cache',
  segment: 'private, no-cache',
};

function toResponse({ body, contentType }: MediaResource, kind: MediaKind, range?: string): Response {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const headers = {
    'Content-Type': contentType,
    'Cache-Control': cacheControl[kind],
    'Accept-Ranges': 'bytes',
  };
  const part = readByteRange(range, bytes.length);
  if (part === 'unsatisfiable') {
    return new Response(null, {
      status: 416,
      headers: { ...headers, 'Content-Range': `bytes */${bytes.length}` },
    });
  }
  if (!part) return new Response(bytes, { headers: { ...headers, 'Content-Length': String(bytes.length) } });
  return new Response(bytes.subarray(part.start, part.end), {
    status: 206,
    headers: {
      ...headers,
      'Content-Length': String(part.end - part.start),
      'Content-Range': `bytes ${part.start}-${part.end - 1}/${bytes.length}`,
    },
  });
}
