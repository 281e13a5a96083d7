import { clipTiming } from '../../clip/clip-timing.js';
import type { ClipRendition } from './clip.js';
import { programDateMs } from './live-timeline.js';

/** Content of a media playlist. URLs are relative to the playlist. */
export interface MediaPlaylist {
  readonly first: number;
  readonly last: number;
  /** Folder of segments, key and init segment. */
  readonly folder: string;
  readonly extension: 'm4s' | 'ts' | 'vtt';
  readonly isEncrypted: boolean;
  /** ID of the key that a licence for ClearKey brings. */
  readonly licenceKeyId?: Uint8Array | undefined;
  /** `live` has `EXT-X-PROGRAM-DATE-TIME` and no end; `vod` has `EXT-X-ENDLIST`. */
  readonly type: 'live' | 'vod';
}

/** Writes a media playlist. */
export function writeMediaPlaylist({
  first,
  last,
  folder,
  extension,
  isEncrypted,
  licenceKeyId,
  type,
}: MediaPlaylist): string {
  const seconds = clipTiming.segmentMs / 1000;
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-TARGETDURATION:${Math.ceil(seconds)}`,
    `#EXT-X-MEDIA-SEQUENCE:${first}`,
  ];
  if (type === 'vod') lines.push('#EXT-X-PLAYLIST-TYPE:VOD');
  if (licenceKeyId) {
    const uri = `data:text/plain;base64,${Buffer.from(licenceKeyId).toString('base64')}`;
    lines.push(
      `#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,URI="${uri}",KEYFORMAT="org.w3.clearkey",KEYFORMATVERSIONS="1"`,
    );
  }
  // The init segment is not encrypted: EXT-X-KEY does not apply to an EXT-X-MAP before it.
  if (extension === 'm4s') lines.push(`#EXT-X-MAP:URI="${folder}/init.mp4"`);
  if (isEncrypted) lines.push(`#EXT-X-KEY:METHOD=AES-128,URI="${folder}/segment.key"`);
  for (let sequence = first; sequence <= last; sequence++) {
    if (type === 'live') {
      lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(programDateMs(sequence)).toISOString()}`);
    }
    lines.push(`#EXTINF:${seconds.toFixed(3)},`, `${folder}/${sequence}.${extension}`);
  }
  if (type === 'vod') lines.push('#EXT-X-ENDLIST');
  return `${lines.join('\n')}\n`;
}

/** Content of a multivariant playlist. URLs are relative to the playlist. */
export interface MultivariantPlaylist {
  readonly folder: string;
  readonly variants: readonly ClipRendition[];
  /** Overrides the codecs of the renditions. */
  readonly codecs?: string | undefined;
  readonly hasCaptions: boolean;
  /** Audio renditions, which the variants then do not contain. The first one is the default. */
  readonly audio?: readonly AudioRendition[];
}

/** A rendition of `EXT-X-MEDIA:TYPE=AUDIO`. */
export interface AudioRendition {
  readonly name: string;
  /** Language tag (RFC 5646). */
  readonly language: string;
  readonly uri: string;
}

/** Writes a multivariant playlist. Variants keep their order. */
export function writeMultivariantPlaylist({
  folder,
  variants,
  codecs,
  hasCaptions,
  audio = [],
}: MultivariantPlaylist): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS'];
  if (hasCaptions) {
    lines.push(
      `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,URI="${folder}/captions.m3u8"`,
    );
  }
  for (const [index, { name, language, uri }] of audio.entries()) {
    const isDefault = index === 0 ? 'YES' : 'NO';
    lines.push(
      `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="${name}",LANGUAGE="${language}",DEFAULT=${isDefault},AUTOSELECT=YES,URI="${uri}"`,
    );
  }
  for (const variant of variants) {
    const { width, height, label } = variant.rendition;
    const attributes = [
      `BANDWIDTH=${variant.peakBitsPerSecond}`,
      `AVERAGE-BANDWIDTH=${variant.averageBitsPerSecond}`,
      `CODECS="${codecs ?? variant.tracks.map((track) => track.codec).join(',')}"`,
      `RESOLUTION=${width}x${height}`,
      `FRAME-RATE=${clipTiming.frameRate.toFixed(3)}`,
      ...(hasCaptions ? ['SUBTITLES="captions"'] : []),
      ...(audio.length > 0 ? ['AUDIO="audio"'] : []),
    ];
    lines.push(`#EXT-X-STREAM-INF:${attributes.join(',')}`, `${folder}/${label}.m3u8`);
  }
  return `${lines.join('\n')}\n`;
}
