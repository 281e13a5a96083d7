import { createHmac, randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import type { BackendEnv } from '../../demo/backend/http/backend-env.js';
import { loadClip, type ClipRendition } from '../../demo/backend/live-origin/clip.js';
import { liveWindowAt } from '../../demo/backend/live-origin/live-timeline.js';
import { mediaTypes } from '../../demo/backend/live-origin/media-source.js';
import { writeMediaPlaylist } from '../../demo/backend/live-origin/playlists.js';
import { initOfTrack, segmentOfTrack } from '../../demo/backend/live-origin/single-track.js';

/** What a page has requested, and which requests were not signed as they must be. */
interface Reader {
  requests: number;
  readonly faults: string[];
}

/** A request for `/signed/<reader>/<form>/<file>`. */
interface Target {
  readonly reader: string;
  readonly form: string;
  readonly file: string;
}

const TARGET = /^\/signed\/([\w-]+)\/((?:open-|defined-)?(?:live|vod))\/([\w./]+)$/;
const SIGNED = /^expires=(\d{10})&sig=([\da-f]{32})$/;
const CORS = { 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store' };
/** Seconds that an address of a playlist is valid, unless the entry says otherwise. */
const LIFE_S = 6;
const CODECS = 'CODECS="avc1.4d401f,mp4a.40.2",AUDIO="a"';

/**
 * An origin that signs each address in its playlists for some seconds, as a live stream and as a recording, with three
 * renditions and alternate audio. It answers 403 to an address that is not signed, has ended, or has more than its signature.
 * The entry is asked for at `/signed/<reader>/<form>?life=<seconds>`; its signature also holds the life of all the others. The
 * forms `open-live` and `open-vod` are the same without signatures; `defined-live` and `defined-vod` have them in variables
 * (EXT-X-DEFINE).
 */
export function createSignedChildren(): Hono<BackendEnv> {
  const clip = loadClip();
  const key = randomBytes(16);
  const readers = new Map<string, Reader>();
  const lives = new Map<string, number>();
  const app = new Hono<BackendEnv>();

  const readerOf = (name: string): Reader => {
    const reader = readers.get(name) ?? { requests: 0, faults: [] };
    readers.set(name, reader);
    return reader;
  };
  const signatureOf = (path: string, expires: string): string =>
    createHmac('sha256', key).update(`${path} ${expires}`).digest('hex').slice(0, 32);
  const sign = ({ reader, form }: Target, file: string): string => {
    const path = `/signed/${reader}/${form}/${file}`;
    if (form.startsWith('open')) return path;
    const expires = String(Math.floor(Date.now() / 1000) + (lives.get(reader) ?? LIFE_S));
    return `${path}?expires=${expires}&sig=${signatureOf(path, expires)}`;
  };
  const faultOf = (path: string, query: string): string | null => {
    const [, expires = '', signature = ''] = SIGNED.exec(query) ?? [];
    if (expires === '') return 'not signed';
    if (signature !== signatureOf(path, expires)) return 'signed for another address';
    return Number(expires) * 1000 > Date.now() ? null : 'ended';
  };

  app.get('/signed/:reader', (context) => context.json(readerOf(context.req.param('reader')), 200, CORS));
  app.get('/signed/:reader/:form', (context) => {
    const { reader, form } = context.req.param();
    lives.set(reader, Number(context.req.query('life') ?? LIFE_S));
    const url = sign({ reader, form, file: '' }, 'entry/index.m3u8');
    return context.json({ url: new URL(url, context.req.url).href }, 200, CORS);
  });
  app.get('/signed/*', (context) => {
    const [path = '', query = ''] = (context.env.incoming?.url ?? '').split('?');
    const [, name = '', form = '', file = ''] = TARGET.exec(path) ?? [];
    if (name === '') return context.body(null, 404, CORS);
    const reader = readerOf(name);
    reader.requests += 1;
    const fault = form.startsWith('open') ? null : faultOf(path, query);
    if (fault !== null) {
      reader.faults.push(`${form}/${file}: ${fault}`);
      return context.body(null, 403, CORS);
    }
    const target = { reader: name, form, file };
    const found = file.endsWith('.m3u8')
      ? writePlaylist(target, (child) => sign(target, child))
      : findMedia(clip, file);
    if (found === null) return context.body(null, 404, CORS);
    const answer = typeof found === 'string' && form.startsWith('defined') ? withVariables(found) : found;
    const contentType = typeof answer === 'string' ? mediaTypes.playlist : mediaTypes.mp4;
    return new Response(answer, { headers: { ...CORS, 'Content-Type': contentType } });
  });
  return app;
}

function writePlaylist({ form, file }: Target, sign: (file: string) => string): string | null {
  if (file.endsWith('index.m3u8')) {
    // Relative to the address that was signed, which is not that of `src`.
    const child = (name: string): string => sign(name).replace(/^\/signed\/[\w-]+\/[\w-]+\//, '../');
    return [
      '#EXTM3U',
      `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,URI="${child('audio.m3u8')}"`,
      `#EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=1280x720,${CODECS}\n${child('high.m3u8')}`,
      `#EXT-X-STREAM-INF:BANDWIDTH=450000,RESOLUTION=854x480,${CODECS}\n${child('medium.m3u8')}`,
      `#EXT-X-STREAM-INF:BANDWIDTH=220000,RESOLUTION=640x360,${CODECS}\n${child('low.m3u8')}`,
      '',
    ].join('\n');
  }
  const type = form.endsWith('vod') ? 'vod' : 'live';
  const { first, last } = type === 'vod' ? { first: 0, last: 29 } : liveWindowAt(Date.now());
  const folder = file.replace('.m3u8', '');
  const text = writeMediaPlaylist({ first, last, folder, extension: 'm4s', isEncrypted: false, type });
  return text.replace(/[\w/]+\.(?:m4s|mp4)/g, sign);
}

/** The same playlist with each signature in a variable. */
function withVariables(text: string): string {
  const tags: string[] = [];
  const body = text.replace(/\?(expires=\d+&sig=[\da-f]+)/g, (_, signature: string) => {
    const name = `s${tags.length}`;
    tags.push(`#EXT-X-DEFINE:NAME="${name}",VALUE="${signature}"\n`);
    return `?{$${name}}`;
  });
  return body.replace(/^#EXTM3U\n/, () => `#EXTM3U\n${tags.join('')}`);
}

function findMedia(clip: ReadonlyMap<string, ClipRendition>, file: string): Uint8Array<ArrayBuffer> | null {
  const [, label = '', sequence] = /^(\w+)\/(?:init\.mp4|(\d+)\.m4s)$/.exec(file) ?? [];
  const rendition = clip.get(label === 'audio' ? 'low' : label);
  if (!rendition) return null;
  const kind = label === 'audio' ? 'audio' : 'video';
  return sequence === undefined
    ? initOfTrack(rendition, kind)
    : segmentOfTrack(rendition, Number(sequence), kind);
}
