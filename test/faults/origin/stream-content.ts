import { createCipheriv, randomBytes } from 'node:crypto';
import { clipTiming } from '../../../demo/clip/clip-timing.js';
import type { MediaAddress } from '../../../demo/backend/http/media-address.js';
import { type ClipRendition, loadClip, segmentAt } from '../../../demo/backend/live-origin/clip.js';
import { programDateMs } from '../../../demo/backend/live-origin/live-timeline.js';
import { type MediaResource, mediaTypes } from '../../../demo/backend/live-origin/media-source.js';
import {
  writeMediaPlaylist,
  writeMultivariantPlaylist,
} from '../../../demo/backend/live-origin/playlists.js';
import { packTransportStream } from '../../../demo/backend/live-origin/transport-stream.js';
import type { StreamShape } from '../cases/fault-case.js';
import type { LiveEncoder, LiveSegment } from './live-encoder.js';

/** Small pictures, because a run decodes many at once. */
const labels = ['medium', 'low'] as const;
const seconds = clipTiming.segmentMs / 1000;

/** Playlists, init segments, segments and key of one stream: the demo's clip with the timeline of a {@link LiveEncoder}. */
export class StreamContent {
  readonly #shape: StreamShape;
  readonly #encoder: LiveEncoder;
  readonly #key = randomBytes(16);

  constructor(shape: StreamShape, encoder: LiveEncoder) {
    this.#shape = shape;
    this.#encoder = encoder;
  }

  /** Whether this address is a multivariant playlist. */
  isMultivariant({ kind, resource }: MediaAddress): boolean {
    return this.#shape === 'multivariant' && kind === 'playlist' && resource === '';
  }

  find(address: MediaAddress): MediaResource | undefined {
    const { stream, resource } = address;
    if (this.#shape !== 'multivariant') {
      return resource === '' ? this.#playlist(stream) : this.#findInTrack(renditionOf('low'), resource);
    }
    if (resource === '') {
      const variants = labels.map(renditionOf);
      const text = writeMultivariantPlaylist({ folder: stream, variants, hasCaptions: false });
      return { contentType: mediaTypes.playlist, body: text };
    }
    const [, name = '', rest] = /^(\w+)(?:\.m3u8|\/(.+))$/.exec(resource) ?? [];
    const label = labels.find((each) => each === name);
    if (!label) return undefined;
    return rest === undefined ? this.#playlist(label) : this.#findInTrack(renditionOf(label), rest);
  }

  #playlist(folder: string): MediaResource {
    const extension = this.#shape === 'ts' ? 'ts' : 'm4s';
    const form = { folder, extension, isEncrypted: this.#shape === 'aes' } as const;
    if (this.#shape === 'vod') {
      const last = clipTiming.segmentCount - 1;
      const body = writeMediaPlaylist({ ...form, first: 0, last, type: 'vod' });
      return { contentType: mediaTypes.playlist, body };
    }
    const segments = this.#encoder.listed();
    const first = segments[0]?.sequence ?? 0;
    const last = segments.at(-1)?.sequence ?? -1;
    const text = writeMediaPlaylist({ ...form, first, last, type: 'live' });
    const dated = withOwnTimes(text, segments);
    const body = this.#shape === 'aes' ? withKeyChanges(dated, folder) : dated;
    return { contentType: mediaTypes.playlist, body };
  }

  #findInTrack(rendition: ClipRendition, resource: string): MediaResource | undefined {
    if (resource === 'init.mp4') return { contentType: mediaTypes.mp4, body: rendition.init };
    if (resource === 'segment.key' && this.#shape === 'aes')
      return { contentType: mediaTypes.key, body: new Uint8Array(this.#key) };
    const [, digits] = /^(\d{1,9})\.(?:m4s|ts)$/.exec(resource) ?? [];
    if (digits === undefined) return undefined;
    const sequence = Number(digits);
    const position = this.#shape === 'vod' ? sequence : this.#encoder.find(sequence)?.position;
    if (position === undefined || (this.#shape === 'vod' && sequence >= clipTiming.segmentCount))
      return undefined;
    if (this.#shape === 'ts')
      return { contentType: mediaTypes.transportStream, body: packTransportStream(rendition, position) };
    const body = segmentAt(rendition, position);
    return {
      contentType: mediaTypes.mp4,
      body: this.#shape === 'aes' ? this.#encrypt(body, sequence) : body,
    };
  }

  /** AES-128-CBC with the sequence number as initialisation vector (RFC 8216, 5.2). */
  #encrypt(plain: Uint8Array, sequence: number): Uint8Array<ArrayBuffer> {
    const vector = Buffer.alloc(16);
    vector.writeBigUInt64BE(BigInt(sequence), 8);
    const cipher = createCipheriv('aes-128-cbc', this.#key, vector);
    return new Uint8Array(Buffer.concat([cipher.update(plain), cipher.final()]));
  }
}

/** Each segment has a key address of its own, because players keep a key by its address. */
function withKeyChanges(text: string, folder: string): string {
  return text
    .replace(/#EXT-X-KEY:.*\n/, '')
    .replace(
      /(#EXTINF:.*\n)(.*\/(\d+)\.\w+\n)/g,
      (_, duration: string, segment: string, sequence: string) =>
        `#EXT-X-KEY:METHOD=AES-128,URI="${folder}/segment.key?of=${sequence}"\n${duration}${segment}`,
    );
}

/** The demo's playlists have the dates of its own timeline and no discontinuities. */
function withOwnTimes(text: string, segments: readonly LiveSegment[]): string {
  return segments.reduce((changed, { sequence, programDateMs: ownMs, isDiscontinuous }) => {
    const before = `#EXT-X-PROGRAM-DATE-TIME:${new Date(programDateMs(sequence)).toISOString()}\n#EXTINF:${seconds.toFixed(3)},`;
    const after = `#EXT-X-PROGRAM-DATE-TIME:${new Date(ownMs).toISOString()}\n#EXTINF:${seconds.toFixed(3)},`;
    return changed.replace(before, isDiscontinuous ? `#EXT-X-DISCONTINUITY\n${after}` : after);
  }, text);
}

function renditionOf(label: (typeof labels)[number]): ClipRendition {
  const rendition = loadClip().get(label);
  if (!rendition) throw new RangeError(`The clip has no rendition ${label}.`);
  return rendition;
}
