import { Problem } from '@gatecast/server';
import { type MediaResource, type MediaSource, mediaTypes } from './live-origin/media-source.js';
import type { LiveStreamSource } from './whip/live-stream.js';

/** What is being published by WHIP, as the live origin serves it. */
export function createWhipSource(ingest: LiveStreamSource): MediaSource {
  return {
    async find({ stream, resource }, { query, signal }): Promise<MediaResource | undefined> {
      const live = ingest.liveStream(stream);
      if (!live) return undefined;
      if (resource !== '') {
        const file = await live.file(resource, signal);
        return file && { contentType: file.contentType, body: file.bytes };
      }
      const mediaSequence = readDirective(query, '_HLS_msn');
      const part = readDirective(query, '_HLS_part');
      const reply = await live.playlist({
        signal,
        ...(mediaSequence !== undefined && { mediaSequence }),
        ...(part !== undefined && { part }),
      });
      if (reply.status !== 200) {
        throw new Problem(reply.status === 404 ? 'not-found' : 'request-invalid', reply.detail);
      }
      return { contentType: mediaTypes.playlist, body: reply.body };
    },
  };
}

function readDirective(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
