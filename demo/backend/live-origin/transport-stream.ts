import { clipTiming } from '../../clip/clip-timing.js';
import { type ClipRendition, segmentAt } from './clip.js';
import { type Sample, readFragment } from './fragment.js';
import type { Track } from './init-segment.js';
import { PacketWriter } from './transport-packets.js';
import { programTables } from './transport-tables.js';

/** Packet identifiers (PIDs) of the only programme. */
const pids = { tables: 0x1000, video: 0x100, audio: 0x101 } as const;
const streamIds = { video: 0xe0, audio: 0xc0 } as const;
const clockHz = 90_000;
/** Ticks from the clock reference (PCR) to the presentation time, in which the decoder fills its buffer. */
const presentationDelay = clockHz / 10;
/** Index of 32 kHz in the table of sampling frequencies (ISO/IEC 14496-3, 1.6.3.4). */
const samplingFrequencyIndex = 5;

interface AccessUnit {
  readonly kind: 'video' | 'audio';
  readonly timestamp: number;
  readonly sample: Sample;
  readonly track: Track;
}

/** For each segment, the packets by PID that precede it in a loop. Continuity counters must not jump between loops. */
const countsByRendition = new WeakMap<ClipRendition, ReadonlyMap<number, number>[]>();

/** Returns a segment as MPEG-2 transport stream, for native players without support for fragmented MP4. */
export function packTransportStream(clip: ClipRendition, sequence: number): Uint8Array<ArrayBuffer> {
  const { segmentCount } = clipTiming;
  const counts = countsByRendition.get(clip) ?? countPackets(clip);
  countsByRendition.set(clip, counts);
  const perLoop = counts[segmentCount];
  const before = counts[sequence % segmentCount];
  const loop = Math.floor(sequence / segmentCount) % 16;
  const writer = new PacketWriter((pid) => loop * (perLoop?.get(pid) ?? 0) + (before?.get(pid) ?? 0));
  writeSegment(writer, clip, sequence);
  return writer.finish();
}

function countPackets(clip: ClipRendition): ReadonlyMap<number, number>[] {
  const writer = new PacketWriter(() => 0);
  const counts = [new Map(writer.counts)];
  for (let sequence = 0; sequence < clipTiming.segmentCount; sequence++) {
    writeSegment(writer, clip, sequence);
    counts.push(new Map(writer.counts));
  }
  return counts;
}

function writeSegment(writer: PacketWriter, clip: ClipRendition, sequence: number): void {
  const { association, map } = programTables({ mapPid: pids.tables, ...pids });
  writer.writeTable(0, association);
  writer.writeTable(pids.tables, map);
  for (const unit of accessUnits(clip, segmentAt(clip, sequence))) {
    const presentation = unit.timestamp + presentationDelay;
    const isVideo = unit.kind === 'video';
    writer.writePacketised(pids[unit.kind], {
      streamId: streamIds[unit.kind],
      presentation,
      payload: isVideo ? toAnnexB(unit.sample, unit.track) : toAdts(unit.sample),
      ...(isVideo && { clockReference: unit.timestamp, isRandomAccess: unit.sample.isSync }),
    });
  }
}

function accessUnits(clip: ClipRendition, fragment: Uint8Array): AccessUnit[] {
  const units = readFragment(fragment).flatMap(({ trackId, samples }) => {
    const track = clip.tracks.find((candidate) => candidate.trackId === trackId);
    if (!track) return [];
    return samples.map((sample) => {
      const timestamp = Math.round((sample.decodeTime * clockHz) / track.timescale);
      return { kind: track.kind, timestamp, sample, track };
    });
  });
  return units.sort((left, right) => left.timestamp - right.timestamp);
}

/** Replaces length prefixes with start codes, and inserts SPS and PPS before each sync sample. */
function toAnnexB(sample: Sample, track: Track): Uint8Array {
  const startCode = Buffer.from([0, 0, 0, 1]);
  const delimiter = Buffer.from([9, 0xf0]);
  const units: Uint8Array[] = [delimiter, ...(sample.isSync ? track.parameterSets : [])];
  const bytes = Buffer.from(sample.bytes.buffer, sample.bytes.byteOffset, sample.bytes.byteLength);
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    units.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return Buffer.concat(units.flatMap((unit) => [startCode, unit]));
}

/** @see ISO/IEC 13818-7, 6.2 */
function toAdts(sample: Sample): Uint8Array {
  const length = sample.bytes.length + 7;
  const channels = 1;
  const header = Buffer.from([
    0xff,
    0xf1,
    (1 << 6) | (samplingFrequencyIndex << 2),
    (channels << 6) | (length >> 11),
    (length >> 3) & 0xff,
    ((length & 7) << 5) | 0x1f,
    0xfc,
  ]);
  return Buffer.concat([header, sample.bytes]);
}
