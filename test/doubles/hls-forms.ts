import { Hono } from 'hono';
import type { BackendEnv } from '../../demo/backend/http/backend-env.js';
import { loadClip, segmentAt, type ClipRendition } from '../../demo/backend/live-origin/clip.js';
import { findBox, findBoxes, viewOf } from '../../demo/backend/live-origin/mp4-boxes.js';
import { mediaTypes } from '../../demo/backend/live-origin/media-source.js';
import { packTransportStream } from '../../demo/backend/live-origin/transport-stream.js';

type TrackKind = 'audio' | 'video';

/** The reader of a stored text has a folder of its own, so that resource timing tells readers apart. */
const STORED = '/forms/:reader/:form/:file{.+}';

/**
 * Serves what other packagers write, made of the demo's clip: segments with one track only, MPEG-TS, WebVTT, and
 * playlists and lists that a test stores with POST.
 */
export function createHlsForms(): Hono<BackendEnv> {
  const clip = loadClip();
  const texts = new Map<string, string>();
  const app = new Hono<BackendEnv>();

  app.post('/forms/:form/:file{.+}', async (context) => {
    const { form, file } = context.req.param();
    texts.set(`${form}/${file}`, await context.req.text());
    return new Response(null, { status: 204 });
  });

  app.get('/forms/:reader/:form/media/:label/:kind/:file', (context) => {
    const { label, kind, file } = context.req.param();
    const rendition = [...clip.values()].find((each) => each.rendition.label === label);
    const body = rendition && findMedia(rendition, kind, file);
    return body ? new Response(body, { headers: noStore(typeOf(file)) }) : notFound();
  });

  app.get(STORED, (context) => {
    const { form, file } = context.req.param();
    const text = texts.get(`${form}/${file}`);
    return text === undefined ? notFound() : new Response(text, { headers: noStore(typeOf(file)) });
  });
  return app;
}

function findMedia(rendition: ClipRendition, kind: string, file: string): Uint8Array<ArrayBuffer> | null {
  const only = kind === 'audio' || kind === 'video' ? kind : null;
  if (file === 'init.mp4') return only ? initOf(rendition, only) : rendition.init;
  const [, digits = '', extension = ''] = /^(\d+)\.(\w+)$/.exec(file) ?? [];
  const sequence = Number(digits);
  if (extension === 'ts') return packTransportStream(rendition, sequence);
  if (extension === 'vtt') return cueAt(sequence);
  if (extension !== 'm4s') return null;
  const segment = segmentAt(rendition, sequence);
  return only ? fragmentOf(rendition, segment, only) : segment;
}

/** Readers skip a `free` box, and no offset changes. */
function hide(bytes: Uint8Array, boxStart: number): void {
  bytes.set(new TextEncoder().encode('free'), boxStart + 4);
}

function trackIdOf({ tracks }: ClipRendition, kind: TrackKind): number {
  return tracks.find((track) => track.kind === kind)?.trackId ?? -1;
}

function initOf(rendition: ClipRendition, kind: TrackKind): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(rendition.init);
  const view = viewOf(bytes);
  const keptId = trackIdOf(rendition, kind);
  for (const trak of findBoxes(bytes, 'moov/trak')) {
    const tkhd = findBox(bytes, 'tkhd', trak);
    const at = tkhd.bodyStart + (view.getUint8(tkhd.bodyStart) === 1 ? 20 : 12);
    if (view.getUint32(at) !== keptId) hide(bytes, trak.start);
  }
  for (const trex of findBoxes(bytes, 'moov/mvex/trex'))
    if (view.getUint32(trex.bodyStart + 4) !== keptId) hide(bytes, trex.start);
  return bytes;
}

function fragmentOf(
  rendition: ClipRendition,
  segment: Uint8Array<ArrayBuffer>,
  kind: TrackKind,
): Uint8Array<ArrayBuffer> {
  const view = viewOf(segment);
  const keptId = trackIdOf(rendition, kind);
  for (const traf of findBoxes(segment, 'moof/traf')) {
    const tfhd = findBox(segment, 'tfhd', traf);
    if (view.getUint32(tfhd.bodyStart + 4) !== keptId) hide(segment, traf.start);
  }
  return segment;
}

function cueAt(sequence: number): Uint8Array<ArrayBuffer> {
  const time = (seconds: number): string => `00:00:${String(seconds).padStart(2, '0')}.000`;
  const text = `WEBVTT\n\n${time(sequence * 2)} --> ${time(sequence * 2 + 2)}\nCue ${sequence}\n`;
  return new TextEncoder().encode(text);
}

function typeOf(file: string): string {
  if (file.endsWith('.m3u8')) return mediaTypes.playlist;
  if (file.endsWith('.vtt')) return mediaTypes.captions;
  if (file.endsWith('.ts')) return mediaTypes.transportStream;
  return file.endsWith('.json') ? 'application/json' : mediaTypes.mp4;
}

function noStore(contentType: string): Record<string, string> {
  return { 'Content-Type': contentType, 'Cache-Control': 'no-store' };
}

function notFound(): Response {
  return new Response(null, { status: 404 });
}
