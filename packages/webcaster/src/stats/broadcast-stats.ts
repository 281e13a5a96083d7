/** Quality of the connection, for the user. */
export type ConnectionQuality = 'good' | 'fair' | 'poor';

/** Statistics of a broadcast over the last second. `null` is not known. */
export interface BroadcastStats {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly videoKbps: number | null;
  readonly audioKbps: number | null;
  readonly framesPerSecond: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly roundTripMs: number | null;
  /** Share of packets that the ingest did not receive, in percent. */
  readonly lossPercent: number | null;
  readonly packetsSent: number;
  readonly videoCodec: string | null;
  readonly audioCodec: string | null;
  /** What keeps the encoder below its limits. */
  readonly limitedBy: 'cpu' | 'bandwidth' | 'other' | null;
  readonly quality: ConnectionQuality;
}

interface Counters {
  readonly timestampMs: number;
  readonly bytesSent: number;
}

/** Counters that the next report is compared with. */
export interface StatsSample {
  readonly audio: Counters | null;
  readonly video: Counters | null;
}

/** The members of RTCOutboundRtpStreamStats that are read here; engines leave out some. */
interface OutboundStats extends RTCStats {
  kind?: string;
  bytesSent?: number;
  packetsSent?: number;
  framesPerSecond?: number;
  frameWidth?: number;
  frameHeight?: number;
  codecId?: string;
  qualityLimitationReason?: string;
}

interface RemoteInboundStats extends RTCStats {
  roundTripTime?: number;
  fractionLost?: number;
}

/**
 * Reads a report and compares it with the previous one.
 *
 * @see https://www.w3.org/TR/webrtc-stats/
 */
export function readStats(
  report: Iterable<RTCStats>,
  previous: StatsSample | null,
  atMs: number,
): { stats: BroadcastStats; sample: StatsSample } {
  const all = [...report];
  const outbound = all.filter((each): each is OutboundStats => each.type === 'outbound-rtp');
  const remotes = all.filter((each): each is RemoteInboundStats => each.type === 'remote-inbound-rtp');
  const video = outbound.find(({ kind }) => kind === 'video');
  const audio = outbound.find(({ kind }) => kind === 'audio');
  const sample = { audio: countersOf(audio), video: countersOf(video) };
  const roundTripMs = maximum(
    remotes.map((each) => each.roundTripTime),
    1000,
  );
  const lossPercent = maximum(
    remotes.map((each) => each.fractionLost),
    100,
  );
  const limitedBy = readLimit(video?.qualityLimitationReason);
  const stats: BroadcastStats = {
    atMs,
    videoKbps: rateKbps(sample.video, previous?.video),
    audioKbps: rateKbps(sample.audio, previous?.audio),
    framesPerSecond: video?.framesPerSecond ?? null,
    width: video?.frameWidth ?? null,
    height: video?.frameHeight ?? null,
    roundTripMs,
    lossPercent,
    packetsSent: outbound.reduce((sum, { packetsSent = 0 }) => sum + packetsSent, 0),
    videoCodec: codecOf(video, all),
    audioCodec: codecOf(audio, all),
    limitedBy,
    quality: rateQuality({ roundTripMs, lossPercent, limitedBy }),
  };
  return { stats, sample };
}

/** Loss weighs most, because viewers see it; delay alone hardly matters in a broadcast. */
export function rateQuality({
  roundTripMs,
  lossPercent,
  limitedBy,
}: Pick<BroadcastStats, 'roundTripMs' | 'lossPercent' | 'limitedBy'>): ConnectionQuality {
  const loss = lossPercent ?? 0;
  const delay = roundTripMs ?? 0;
  if (loss >= 8 || delay >= 800) return 'poor';
  if (loss >= 2 || delay >= 300 || limitedBy === 'bandwidth') return 'fair';
  return 'good';
}

function countersOf(outbound: OutboundStats | undefined): Counters | null {
  if (outbound?.bytesSent === undefined) return null;
  return { timestampMs: outbound.timestamp, bytesSent: outbound.bytesSent };
}

function rateKbps(now: Counters | null, before: Counters | null | undefined): number | null {
  if (!now || !before || now.timestampMs <= before.timestampMs) return null;
  // Counters restart with a new connection.
  const bytes = now.bytesSent - before.bytesSent;
  return bytes < 0 ? null : Math.round((bytes * 8) / (now.timestampMs - before.timestampMs));
}

function maximum(values: readonly (number | undefined)[], factor: number): number | null {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.round(Math.max(...known) * factor * 10) / 10 : null;
}

function codecOf(outbound: OutboundStats | undefined, all: readonly RTCStats[]): string | null {
  const codec = all.find(({ id }) => id === outbound?.codecId) as { mimeType?: string } | undefined;
  return codec?.mimeType?.split('/')[1] ?? null;
}

function readLimit(reason: string | undefined): BroadcastStats['limitedBy'] {
  return reason === 'cpu' || reason === 'bandwidth' || reason === 'other' ? reason : null;
}
