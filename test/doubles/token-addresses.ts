import { Hono } from 'hono';
import type { BackendEnv } from '../../demo/backend/http/backend-env.js';
import { mediaTypes, type MediaResource } from '../../demo/backend/live-origin/media-source.js';

/** What a page changes during a test, and what it learns. */
interface Reader {
  /** Tokens with a serial number up to this one are refused. */
  refused: number;
  /** The session that the addresses of the form `session` are bound to. */
  session: number;
  /** Requests that did not have the address or token that they must have. */
  readonly faults: string[];
}

/** The part of an address that is the same for each form: reader, form and file. */
interface Target {
  readonly reader: Reader;
  readonly form: string;
  readonly file: string;
  /** Path up to the file, with a token in the path. */
  readonly folder: string;
  /** The token as it is written in the path, the query or the header; empty without one. */
  readonly token: string;
}

type FindMedia = (name: string, signal: AbortSignal) => Promise<MediaResource | undefined>;

/** A token as `tokenText` of the test writes it. A query may hold all of its characters (RFC 3986 section 3.4). */
const IN_QUERY = /^st=(\d+)~acl=\/live\/\*~hmac=ab$/;
const IN_PATH = /^st=(\d+)~acl=%2Flive%2F\*~hmac=ab$/;
const ROOT = /^(?:\/(st=[^/]*))?(\/addresses\/([\w-]+)\/([\w-]+)\/)([^?]*)(?:\?(.*))?$/s;
const CORS = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };

/**
 * An origin that compares each address byte for byte, in the forms that CDNs and media servers have. It answers 403 to a token
 * that is missing, doubled, encoded in another way, or not the one of the address.
 */
export function createTokenAddresses(findMedia: FindMedia): Hono<BackendEnv> {
  const readers = new Map<string, Reader>();
  const app = new Hono<BackendEnv>();

  const readerOf = (name: string): Reader => {
    const reader = readers.get(name) ?? { refused: 0, session: 1, faults: [] };
    readers.set(name, reader);
    return reader;
  };

  app.get('/addresses/:reader', (context) => context.json(readerOf(context.req.param('reader')), 200, CORS));
  app.post('/addresses/:reader', async (context) => {
    const changes: unknown = await context.req.json();
    Object.assign(readerOf(context.req.param('reader')), changes);
    return new Response(null, { status: 204, headers: CORS });
  });
  app.use('*', async (context, next) => {
    const target = readTarget(context.env, context.req.header('Authorization'), readerOf);
    if (!target) return next();
    if (context.req.method === 'OPTIONS') return new Response(null, { status: 204, headers: CORS });
    return answer(target, findMedia, context.req.raw.signal);
  });
  return app;
}

function readTarget(
  { incoming }: BackendEnv['Bindings'],
  authorization: string | undefined,
  readerOf: (name: string) => Reader,
): Target | null {
  // As it was sent: a parsed URL may be written in another way.
  const [, inPath, folder = '', name = '', form = '', file = '', query] =
    ROOT.exec(incoming?.url ?? '') ?? [];
  if (name === '') return null;
  const token = inPath ?? query ?? authorization?.replace(/^Bearer /, '') ?? '';
  return { reader: readerOf(name), form, file, folder: (inPath ? `/${inPath}` : '') + folder, token };
}

async function answer(target: Target, findMedia: FindMedia, signal: AbortSignal): Promise<Response> {
  const { reader, form, file, folder } = target;
  const fault = faultOf(target);
  if (fault !== null) {
    reader.faults.push(`${form}/${file}: ${fault}`);
    return new Response(null, { status: 403, headers: form.startsWith('hidden') ? {} : CORS });
  }
  if (file.startsWith('old/')) {
    const headers = { ...CORS, Location: folder + file.replace('old/', 'moved/') };
    return new Response(null, { status: 302, headers });
  }
  if (form === 'session' && file === 'index.m3u8') {
    const text = `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=500000\nlive_w${String(reader.session)}.m3u8\n`;
    return playlistResponse(text);
  }
  const name = file.replace(/^moved\/|_w\d+/g, '').replace(/^(?:index|live)\.m3u8$/, 'demo-low.m3u8');
  const resource = await findMedia(name, signal);
  if (!resource) {
    reader.faults.push(`${form}/${file}: nothing here`);
    return new Response(null, { status: 404, headers: CORS });
  }
  if (resource.contentType !== mediaTypes.playlist)
    return new Response(resource.body, { headers: { ...CORS, 'Content-Type': resource.contentType } });
  const text = await new Response(resource.body).text();
  return playlistResponse(writePlaylist(text, target));
}

/** What is wrong with the address or the token; `null` if nothing is. */
function faultOf({ reader, form, file, folder, token }: Target): string | null {
  const isPlaylist = file.endsWith('.m3u8');
  if (form === 'session') {
    const [, session] = /_w(\d+)\./.exec(file) ?? [];
    if (session !== undefined && Number(session) !== reader.session) return 'another session';
  }
  if (form === 'foreign' && !isPlaylist)
    return token === 'token=child' ? null : 'not the token of the playlist';
  const isInPath = form === 'redirect' || form === 'named';
  if (isInPath !== folder.startsWith('/st=')) return 'not in the path';
  const name = form === 'raw' ? 'hdnts=' : 'token=';
  const isBare = isInPath || form === 'hidden-header';
  if (!isBare && !token.startsWith(name)) return 'no token';
  const value = isBare ? token : token.slice(name.length);
  const serial = (isInPath ? IN_PATH : IN_QUERY).exec(value)?.[1];
  if (serial === undefined) return 'not one token as it was issued';
  return Number(serial) > reader.refused ? null : 'an old token';
}

/** A playlist as the form writes it. Each address of it is on a line of its own, or in `URI="…"`. */
function writePlaylist(text: string, { reader, form, folder, file }: Target): string {
  const rewrite = (write: (address: string) => string): string =>
    text
      .replace(/^([^#\s].*)$/gm, (_, address: string) => write(address))
      .replace(/URI="([^"]*)"/g, (_, address: string) => `URI="${write(address)}"`);
  switch (form) {
    case 'named':
      return rewrite((address) => folder + file.replace(/[^/]*$/, '') + address);
    case 'foreign':
      return rewrite((address) => `${address}?token=child`);
    case 'defined':
      return rewrite((address) => `${address}?token={$token}`).replace(
        /#EXT-X-VERSION:\d+/,
        '#EXT-X-VERSION:11\n#EXT-X-DEFINE:QUERYPARAM="token"',
      );
    case 'session':
      return rewrite((address) => address.replace('.', `_w${String(reader.session)}.`));
    default:
      return text;
  }
}

function playlistResponse(text: string): Response {
  return new Response(text, {
    headers: { ...CORS, 'Content-Type': mediaTypes.playlist, 'Cache-Control': 'no-store' },
  });
}
