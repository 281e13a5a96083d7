import { parseSequenceParameters } from '../codecs/h264-parameter-sets.js';
import { ascii, box, concat, fullBox, u16, u32, u8 } from './mp4-box-writer.js';
import { OPUS_CLOCK_RATE } from './opus-packet.js';

/** RTP clock rate of H.264 in Hz (RFC 6184), also used as MP4 timescale. */
export const VIDEO_CLOCK_RATE = 90_000;

/** MP4 track ids. A stream has at most one track of each kind. */
export const TRACK = { video: 1, audio: 2 } as const;

/** Tracks of an init segment. */
export interface TrackSetup {
  readonly video?: { readonly sps: Uint8Array; readonly pps: Uint8Array };
  readonly audio?: { readonly channels: 1 | 2 };
}

const IDENTITY_MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
/** Language code "und", packed as in ISO/IEC 14496-12, 8.4.2. */
const LANGUAGE_UNDETERMINED = 0x55c4;

/**
 * Builds the init segment (`EXT-X-MAP`) of a CMAF stream with H.264, Opus or both.
 * @throws RangeError if the sequence parameter set is invalid.
 */
export function buildInitSegment(setup: TrackSetup): Uint8Array<ArrayBuffer> {
  const tracks: Uint8Array[] = [];
  const defaults: Uint8Array[] = [];
  if (setup.video) {
    tracks.push(videoTrack(setup.video.sps, setup.video.pps));
    defaults.push(trackDefaults(TRACK.video));
  }
  if (setup.audio) {
    tracks.push(audioTrack(setup.audio.channels));
    defaults.push(trackDefaults(TRACK.audio));
  }
  return concat([
    box('ftyp', ascii('iso6'), u32(0), ascii('iso6cmfcmp41')),
    box('moov', movieHeader(), ...tracks, box('mvex', ...defaults)),
  ]);
}

function movieHeader(): Uint8Array {
  return fullBox(
    'mvhd',
    0,
    0,
    u32(0, 0, 1000, 0, 0x10000),
    u16(0x100, 0),
    u32(0, 0),
    IDENTITY_MATRIX,
    u32(0, 0, 0, 0, 0, 0),
    u32(TRACK.audio + 1),
  );
}

function trackDefaults(trackId: number): Uint8Array {
  return fullBox('trex', 0, 0, u32(trackId, 1, 0, 0, 0));
}

function videoTrack(sps: Uint8Array, pps: Uint8Array): Uint8Array {
  const { width, height } = parseSequenceParameters(sps);
  const entry = box(
    'avc1',
    u32(0),
    u16(0, 1),
    u32(0, 0, 0, 0),
    u16(width, height),
    // 72 dpi, one frame per sample, no compressor name, 24-bit colour.
    u32(0x480000, 0x480000, 0),
    u16(1),
    new Uint8Array(32),
    u16(24, 0xffff),
    avcConfiguration(sps, pps),
  );
  return track({
    id: TRACK.video,
    clockRate: VIDEO_CLOCK_RATE,
    handler: 'vide',
    width,
    height,
    volume: 0,
    mediaHeader: fullBox('vmhd', 0, 1, u16(0, 0, 0, 0)),
    entry,
  });
}

/** @see ISO/IEC 14496-15 section 5.3.3.1 */
function avcConfiguration(sps: Uint8Array, pps: Uint8Array): Uint8Array {
  const profile = sps[1] ?? 0;
  const fields = [
    u8(1, profile, sps[2] ?? 0, sps[3] ?? 0, 0xff, 0xe1),
    u16(sps.length),
    sps,
    u8(1),
    u16(pps.length),
    pps,
  ];
  // High profile adds chroma format and bit depth. WebRTC uses only 4:2:0 with 8 bits.
  if (profile === 100) fields.push(u8(0xfd, 0xf8, 0xf8, 0));
  return box('avcC', ...fields);
}

function audioTrack(channels: 1 | 2): Uint8Array {
  // Opus in ISOBMFF, 4.3.2. Pre-skip is 0: players of a live stream never start at its first sample.
  const configuration = box('dOps', u8(0, channels), u16(0), u32(OPUS_CLOCK_RATE), u16(0), u8(0));
  const entry = box(
    'Opus',
    u32(0),
    u16(0, 1),
    u32(0, 0),
    u16(channels, 16, 0, 0),
    u32(OPUS_CLOCK_RATE * 2 ** 16),
    configuration,
  );
  return track({
    id: TRACK.audio,
    clockRate: OPUS_CLOCK_RATE,
    handler: 'soun',
    width: 0,
    height: 0,
    volume: 0x100,
    mediaHeader: fullBox('smhd', 0, 0, u16(0, 0)),
    entry,
  });
}

interface TrackParts {
  readonly id: number;
  readonly clockRate: number;
  readonly handler: 'vide' | 'soun';
  readonly width: number;
  readonly height: number;
  readonly volume: number;
  readonly mediaHeader: Uint8Array;
  readonly entry: Uint8Array;
}

function track(parts: TrackParts): Uint8Array {
  const header = fullBox(
    'tkhd',
    0,
    3,
    u32(0, 0, parts.id, 0, 0, 0, 0),
    u16(0, 0, parts.volume, 0),
    IDENTITY_MATRIX,
    u32(parts.width * 0x10000, parts.height * 0x10000),
  );
  const sampleTable = box(
    'stbl',
    fullBox('stsd', 0, 0, u32(1), parts.entry),
    fullBox('stts', 0, 0, u32(0)),
    fullBox('stsc', 0, 0, u32(0)),
    fullBox('stsz', 0, 0, u32(0, 0)),
    fullBox('stco', 0, 0, u32(0)),
  );
  const media = box(
    'mdia',
    fullBox('mdhd', 0, 0, u32(0, 0, parts.clockRate, 0), u16(LANGUAGE_UNDETERMINED, 0)),
    fullBox('hdlr', 0, 0, u32(0), ascii(parts.handler), u32(0, 0, 0), u8(0)),
    box(
      'minf',
      parts.mediaHeader,
      box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1))),
      sampleTable,
    ),
  );
  return box('trak', header, media);
}
