import { Hono } from 'hono';
import type { BackendEnv } from '../../demo/backend/http/backend-env.js';
import { loadClip, segmentAt, type ClipRendition } from '../../demo/backend/live-origin/clip.js';
import { mediaTypes } from '../../demo/backend/live-origin/media-source.js';
import { initOfTrack, segmentOfTrack } from '../../demo/backend/live-origin/single-track.js';
import { packTransportStream } from '../../demo/backend/live-origin/transport-stream.js';

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
  if (file === 'init.mp4') return only ? initOfTrack(rendition, only) : rendition.init;
  const [, digits = '', extension = ''] = /^(\d+)\.(\w+)$/.exec(file) ?? [];
  const sequence = Number(digits);
  if (extension === 'ts') return packTransportStream(rendition, sequence);
  if (extension === 'vtt') return cueAt(sequence);
  if (extension !== 'm4s') return null;
  return only ? segmentOfTrack(rendition, sequence, only) : segmentAt(rendition, sequence);
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
