import type { BintuStream } from './bintu-lookup.js';

/** Streams of the demo, best first. */
const streams = [
  { label: 'high', info: { bitrate: 1200, width: 1280, height: 720, framerate: 30 } },
  { label: 'medium', info: { bitrate: 800, width: 640, height: 360, framerate: 30 } },
  { label: 'low', info: { bitrate: 400, width: 320, height: 180, framerate: 30 } },
];

/**
 * What the double of the bintu API answers: `/stream/{id}` for one stream, `/stream/group/{id}` for a group, both with a
 * list. An id is the first part of stream names: `demo` is the group of `demo-high`, `demo-medium` and `demo-low`. Only
 * the path of one stream is the vendor's.
 *
 * @returns null for an address that is none of these.
 */
export function answerLookup(
  path: string,
  socketOrigin: string,
  isStopped: (stream: string) => boolean,
): readonly BintuStream[] | null {
  const [, group, id] = /^\/stream\/(group\/)?([\w-]+)$/.exec(path) ?? [];
  if (id === undefined) return null;
  const named = (name: string, kind: (typeof streams)[number]): BintuStream => ({
    ...kind,
    isLive: !isStopped(name),
    h5live: {
      server: {
        websocket: `${socketOrigin}/h5live/stream.mp4`,
        // Only its presence counts: the double plays over the WebSocket. Seen: 5.0.8 plays a group over QUIC.
        webtransport: `${socketOrigin.replace(/^ws/, 'http')}/h5live/moq`,
      },
      rtmp: { url: 'rtmp://play.example/play', streamname: name },
    },
  });
  if (group !== undefined) return streams.map((kind) => named(`${id}-${kind.label}`, kind));
  return streams.filter(({ label }) => id.endsWith(`-${label}`)).map((kind) => named(id, kind));
}
