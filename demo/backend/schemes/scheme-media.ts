import { type Clip, type ClipRendition, loadClip } from '../live-origin/clip.js';
import { liveWindowAt } from '../live-origin/live-timeline.js';
import { type MediaResource, mediaTypes } from '../live-origin/media-source.js';
import { writeMediaPlaylist, writeMultivariantPlaylist } from '../live-origin/playlists.js';
import { initOfTrack, segmentOfTrack, type TrackKind } from '../live-origin/single-track.js';
import type { SchemeTarget } from './scheme-target.js';

/** Segments of the recording: the clip three times, 180 s, so that a player still loads after a minute of playback. */
const recordedCount = 90;

/** Names of the audio renditions, in the order of the playlist, and the rendition of the clip that they are taken from. */
const audioLabels = { 'audio-en': 'low', 'audio-de': 'medium', 'audio-fr': 'high' } as const;
/** The audio rendition that is at another origin, where no token may arrive. */
export const elsewhereAudio = 'audio-fr';

export interface SchemeMedia {
  /**
   * Finds a playlist or segment.
   *
   * @param elsewhere - address of the audio playlist that is at another origin.
   */
  find(target: SchemeTarget, elsewhere: string): MediaResource | undefined;
}

/** The streams of the schemes, made of the demo's clip. */
export function createSchemeMedia(now: () => number, clip: Clip = loadClip()): SchemeMedia {
  function find({ stream, file, folder: base }: SchemeTarget, elsewhere: string): MediaResource | undefined {
    const type = stream === 'demo-vod' ? 'vod' : 'live';
    if (file === 'index.m3u8')
      return playlist(multivariant(base, stream === 'demo-silent' ? null : elsewhere));
    const [, folder = '', resource] = /^([\w-]+)(?:\.m3u8|\/(\w+\.\w+))$/.exec(file) ?? [];
    const track = trackOf(folder);
    if (!track) return undefined;
    const window = type === 'vod' ? { first: 0, oldest: 0, last: recordedCount - 1 } : liveWindowAt(now());
    if (resource === undefined) {
      const form = { folder, extension: 'm4s', isEncrypted: false, type } as const;
      return playlist(writeMediaPlaylist({ first: window.first, last: window.last, ...form }));
    }
    const { rendition, kind } = track;
    if (resource === 'init.mp4') return { contentType: mediaTypes.mp4, body: initOfTrack(rendition, kind) };
    const sequence = Number(/^(\d{1,12})\.m4s$/.exec(resource)?.[1] ?? NaN);
    if (!(sequence >= window.oldest && sequence <= window.last)) return undefined;
    return { contentType: mediaTypes.mp4, body: segmentOfTrack(rendition, sequence, kind) };
  }

  const silent = [...clip.values()].map((each) => ({
    ...each,
    tracks: each.tracks.filter(({ kind }) => kind === 'video'),
  }));

  function trackOf(folder: string): { rendition: ClipRendition; kind: TrackKind } | undefined {
    const audio = Object.hasOwn(audioLabels, folder)
      ? audioLabels[folder as keyof typeof audioLabels]
      : undefined;
    const rendition = [...clip.values()].find((each) => each.rendition.label === (audio ?? folder));
    return rendition && { rendition, kind: audio ? 'audio' : 'video' };
  }

  /** @param elsewhere - `null` for a stream without audio. */
  function multivariant(base: string, elsewhere: string | null): string {
    const names = elsewhere === null ? [] : Object.keys(audioLabels);
    const audio = names.map((name) => ({
      name,
      language: name.slice('audio-'.length),
      uri: name === elsewhereAudio && elsewhere !== null ? elsewhere : `${base}${name}.m3u8`,
    }));
    const text = writeMultivariantPlaylist({
      folder: '.',
      variants: elsewhere === null ? silent : [...clip.values()],
      hasCaptions: false,
      audio,
    });
    return text.replaceAll(/^\.\//gm, base);
  }

  return { find };
}

function playlist(body: string): MediaResource {
  return { contentType: mediaTypes.playlist, body };
}
