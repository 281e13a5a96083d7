import { clipTiming } from '../../clip/clip-timing.js';
import { dashManifest } from '../http/media-address.js';
import type { Clip, ClipRendition } from './clip.js';
import { writeDashManifest } from './dash-manifest.js';
import { liveWindowAt } from './live-timeline.js';
import { type MediaResource, type MediaSource, mediaTypes } from './media-source.js';
import { initOfTrack, segmentOfTrack, type TrackKind } from './single-track.js';
import { type StreamForm, streamCatalogue } from './stream-catalogue.js';

/** What MPDs can say about a stream of the catalogue. */
interface DashStream {
  readonly renditions: readonly ClipRendition[];
  readonly type: 'live' | 'vod';
}

/** Serves the streams of the catalogue as DASH: `<stream>.mpd` and the files below `<stream>/dash/`. */
export function createDashSource({ clip, now }: { clip: Clip; now: () => number }): MediaSource {
  function find(stream: string, resource: string): MediaResource | undefined {
    const form = streamCatalogue.get(stream);
    const dash = form && readForm(form);
    if (!dash) return undefined;
    if (resource !== dashManifest) return findFile(dash, resource);
    const { type, renditions } = dash;
    const { first, last } = windowOf(type);
    const body = writeDashManifest({ first, last, type, renditions, folder: `${stream}/dash` });
    return { contentType: mediaTypes.dashManifest, body };
  }

  /** `undefined` for streams that only HLS has: with AES-128, as a transport stream, or with other codecs than the clip's. */
  function readForm(form: StreamForm): DashStream | undefined {
    if (form.shape === 'media') {
      if (form.container !== 'cmaf' || form.isEncrypted) return undefined;
      return { renditions: renditionsOf([form.label]), type: form.type };
    }
    if (form.codecs !== undefined || form.hasCaptions) return undefined;
    return { renditions: renditionsOf(form.labels), type: 'live' };
  }

  function renditionsOf(labels: readonly string[]): ClipRendition[] {
    return [...clip.values()].filter(({ rendition }) => labels.includes(rendition.label));
  }

  function findFile({ renditions, type }: DashStream, resource: string): MediaResource | undefined {
    const [, label, kind, file = ''] = /^dash\/(\w+)-(video|audio)\/([\w.]+)$/.exec(resource) ?? [];
    const rendition = renditions.find((candidate) => candidate.rendition.label === label);
    if (!rendition || !isTrackKind(kind)) return undefined;
    const contentType = mediaTypes.mp4;
    if (file === 'init.mp4') return { contentType, body: initOfTrack(rendition, kind) };
    const [, digits] = /^(\d{1,12})\.m4s$/.exec(file) ?? [];
    if (digits === undefined) return undefined;
    const sequence = Number(digits);
    const { oldest, last } = windowOf(type);
    if (sequence < oldest || sequence > last) return undefined;
    return { contentType, body: segmentOfTrack(rendition, sequence, kind) };
  }

  function windowOf(type: DashStream['type']): { first: number; last: number; oldest: number } {
    if (type === 'live') return liveWindowAt(now());
    return { first: 0, oldest: 0, last: clipTiming.segmentCount - 1 };
  }

  return { find: ({ stream, resource }) => find(stream, resource) };
}

function isTrackKind(kind: string | undefined): kind is TrackKind {
  return kind === 'video' || kind === 'audio';
}
