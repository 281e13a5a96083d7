import { createCipheriv, randomBytes } from 'node:crypto';
import { clipTiming } from '../../clip/clip-timing.js';
import { writeCaptions } from './captions.js';
import { type Clip, type ClipRendition, segmentAt } from './clip.js';
import { type ContentKey, createContentKey, protectInit, protectSegment } from './common-encryption.js';
import { liveWindowAt } from './live-timeline.js';
import { type MediaResource, type MediaSource, mediaTypes } from './media-source.js';
import { writeMediaPlaylist, writeMultivariantPlaylist } from './playlists.js';
import { findSideFile } from './side-files.js';
import { type StreamForm, type TrackForm, streamCatalogue } from './stream-catalogue.js';
import { packTransportStream } from './transport-stream.js';

export interface ClipSourceOptions {
  readonly clip: Clip;
  readonly now: () => number;
  /** Of the stream whose key a licence brings. @defaultValue a new one */
  readonly contentKey?: ContentKey;
}

/** Serves the streams of the catalogue from the clip. Live streams repeat it without end. */
export function createClipSource({
  clip,
  now,
  contentKey = createContentKey(),
}: ClipSourceOptions): MediaSource {
  const key = randomBytes(16);

  function find(stream: string, resource: string): MediaResource | undefined {
    const form = streamCatalogue.get(stream);
    if (!form) return undefined;
    if (form.shape === 'media') {
      if (resource === '') return mediaPlaylist(form, stream);
      return (form.type === 'vod' ? findSideFile(resource) : undefined) ?? findInTrack(form, resource);
    }
    return resource === '' ? multivariantPlaylist(form, stream) : findInVariant(form, resource);
  }

  function multivariantPlaylist(
    form: Extract<StreamForm, { shape: 'multivariant' }>,
    folder: string,
  ): MediaResource {
    const variants = form.labels.map((label) => renditionOf(clip, label));
    const { hasCaptions, codecs } = form;
    return playlist(writeMultivariantPlaylist({ folder, variants, hasCaptions, codecs }));
  }

  function findInVariant(
    form: Extract<StreamForm, { shape: 'multivariant' }>,
    resource: string,
  ): MediaResource | undefined {
    const [, name = '', rest] = /^(\w+)(?:\.m3u8|\/(.+))$/.exec(resource) ?? [];
    if (name === 'captions' && form.hasCaptions) return findCaptions(rest);
    const label = form.labels.find((candidate) => candidate === name);
    if (!label) return undefined;
    const track: TrackForm = { label, container: 'cmaf', isEncrypted: false, type: 'live' };
    return rest === undefined ? mediaPlaylist(track, label) : findInTrack(track, rest);
  }

  function mediaPlaylist(
    { container, isEncrypted, hasLicence, type }: TrackForm,
    folder: string,
  ): MediaResource {
    const extension = container === 'cmaf' ? 'm4s' : 'ts';
    const licenceKeyId = hasLicence && contentKey.id;
    const form = { folder, extension, isEncrypted, licenceKeyId, type } as const;
    return playlist(writeMediaPlaylist({ ...listed(type), ...form }));
  }

  function findInTrack(track: TrackForm, resource: string): MediaResource | undefined {
    const rendition = renditionOf(clip, track.label);
    if (resource === 'init.mp4' && track.container === 'cmaf') {
      const body = track.hasLicence ? protectInit(rendition.init, contentKey) : rendition.init;
      return { contentType: mediaTypes.mp4, body };
    }
    if (resource === 'segment.key' && track.isEncrypted) {
      return { contentType: mediaTypes.key, body: new Uint8Array(key) };
    }
    const sequence = readSequence(resource, track.container === 'cmaf' ? 'm4s' : 'ts');
    if (sequence === undefined || !isServed(sequence, track.type)) return undefined;
    return segment(rendition, track, sequence);
  }

  function segment(rendition: ClipRendition, track: TrackForm, sequence: number): MediaResource {
    if (track.container === 'ts') {
      return { contentType: mediaTypes.transportStream, body: packTransportStream(rendition, sequence) };
    }
    const body = segmentAt(rendition, sequence);
    if (track.hasLicence) {
      const videoId = rendition.tracks.find(({ kind }) => kind === 'video')?.trackId ?? 0;
      return { contentType: mediaTypes.mp4, body: protectSegment(body, videoId, contentKey) };
    }
    return { contentType: mediaTypes.mp4, body: track.isEncrypted ? encrypt(body, sequence) : body };
  }

  function findCaptions(rest: string | undefined): MediaResource | undefined {
    if (rest === undefined) {
      const form = { folder: 'captions', extension: 'vtt', isEncrypted: false, type: 'live' } as const;
      return playlist(writeMediaPlaylist({ ...listed('live'), ...form }));
    }
    const sequence = readSequence(rest, 'vtt');
    if (sequence === undefined || !isServed(sequence, 'live')) return undefined;
    return { contentType: mediaTypes.captions, body: writeCaptions(sequence) };
  }

  /** AES-128-CBC. The playlist has no `IV`, so the initialisation vector is the sequence number (RFC 8216, 5.2). */
  function encrypt(plain: Uint8Array, sequence: number): Uint8Array<ArrayBuffer> {
    const vector = Buffer.alloc(16);
    vector.writeBigUInt64BE(BigInt(sequence), 8);
    const cipher = createCipheriv('aes-128-cbc', key, vector);
    return new Uint8Array(Buffer.concat([cipher.update(plain), cipher.final()]));
  }

  function listed(type: TrackForm['type']): { first: number; last: number } {
    return type === 'vod' ? { first: 0, last: clipTiming.segmentCount - 1 } : liveWindowAt(now());
  }

  function isServed(sequence: number, type: TrackForm['type']): boolean {
    if (type === 'vod') return sequence < clipTiming.segmentCount;
    const { oldest, last } = liveWindowAt(now());
    return sequence >= oldest && sequence <= last;
  }

  return { find: ({ stream, resource }) => find(stream, resource) };
}

function playlist(body: string): MediaResource {
  return { contentType: mediaTypes.playlist, body };
}

function readSequence(resource: string, extension: string): number | undefined {
  const match = /^(\d{1,12})\.(\w+)$/.exec(resource);
  return match?.[2] === extension ? Number(match[1]) : undefined;
}

function renditionOf(clip: Clip, label: TrackForm['label']): ClipRendition {
  const rendition = clip.get(label);
  if (!rendition) throw new RangeError(`The clip has no rendition ${label}.`);
  return rendition;
}
