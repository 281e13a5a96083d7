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
  /** When the ingest has reported this loss, by the browser's clock; it does so every one to five seconds. */
  readonly reportedAtMs: number | null;
  readonly packetsSent: number;
  readonly videoCodec: string | null;
  readonly audioCodec: string | null;
  /** What the browser expects the network to take, in kbit/s, sound included. Not in Firefox. */
  readonly availableKbps: number | null;
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

interface CandidatePairStats extends RTCStats {
  nominated?: boolean;
  /** Bit/s. */
  availableOutgoingBitrate?: number;
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
  const remotes = freshReports(all, outbound);
  const worst = mostLossy(remotes);
  const layers = outbound.filter(({ kind }) => kind === 'video');
  const video = largest(layers);
  const audio = outbound.find(({ kind }) => kind === 'audio');
  const sample = { audio: countersOf(audio ? [audio] : []), video: countersOf(layers) };
  // All go over one path: the last one that was measured is that of now.
  const measured = remotes.filter(({ roundTripTime }) => roundTripTime !== undefined);
  const latestMs = newest(measured);
  const roundTripMs = maximum(
    measured.filter(({ timestamp }) => timestamp === latestMs).map((each) => each.roundTripTime),
    1000,
  );
  const lossPercent = maximum([worst?.fractionLost], 100);
  const limitedBy = readLimit(layers);
  const stats: BroadcastStats = {
    atMs,
    videoKbps: rateKbps(sample.video, previous?.video),
    audioKbps: rateKbps(sample.audio, previous?.audio),
    framesPerSecond: video?.framesPerSecond ?? null,
    width: video?.frameWidth ?? null,
    height: video?.frameHeight ?? null,
    roundTripMs,
    lossPercent,
    reportedAtMs: worst?.timestamp ?? null,
    packetsSent: outbound.reduce((sum, { packetsSent = 0 }) => sum + packetsSent, 0),
    videoCodec: codecOf(video, all),
    audioCodec: codecOf(audio, all),
    availableKbps: availableKbps(all),
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

/** The layer of a simulcast that has the largest picture; without simulcast the only one. */
function largest(layers: readonly OutboundStats[]): OutboundStats | undefined {
  const size = ({ frameWidth = 0, frameHeight = 0 }: OutboundStats): number => frameWidth * frameHeight;
  return layers.reduce<OutboundStats | undefined>(
    (found, layer) => (found && size(found) >= size(layer) ? found : layer),
    undefined,
  );
}

/** Counters of all layers together. */
function countersOf(layers: readonly OutboundStats[]): Counters | null {
  const known = layers.filter(({ bytesSent }) => bytesSent !== undefined);
  const [first] = known;
  if (!first) return null;
  const bytesSent = known.reduce((sum, layer) => sum + (layer.bytesSent ?? 0), 0);
  return { timestampMs: first.timestamp, bytesSent };
}

/** A layer that pauses keeps its last report: only those count that come while others do. */
const STALE_AFTER_MS = 6000;
/** Older reports say nothing of now, also if no others come. */
const OLD_AFTER_MS = 15_000;

function freshReports(all: readonly RTCStats[], sent: readonly RTCStats[]): RemoteInboundStats[] {
  const remotes = all.filter((each): each is RemoteInboundStats => each.type === 'remote-inbound-rtp');
  const newestMs = newest(remotes);
  const nowMs = newest(sent);
  return remotes.filter(
    ({ timestamp }) => newestMs - timestamp <= STALE_AFTER_MS && nowMs - timestamp <= OLD_AFTER_MS,
  );
}

function newest(stats: readonly RTCStats[]): number {
  return Math.max(-Infinity, ...stats.map(({ timestamp }) => timestamp));
}

/** The report with the most loss; the newest one of those that say the same. */
function mostLossy(remotes: readonly RemoteInboundStats[]): RemoteInboundStats | undefined {
  const lossOf = ({ fractionLost = -1 }: RemoteInboundStats): number => fractionLost;
  return remotes.reduce<RemoteInboundStats | undefined>((found, each) => {
    const more = found ? lossOf(each) - lossOf(found) : 1;
    return more > 0 || (more === 0 && each.timestamp > (found?.timestamp ?? 0)) ? each : found;
  }, undefined);
}

function availableKbps(all: readonly RTCStats[]): number | null {
  const pairs = all.filter((each): each is CandidatePairStats => each.type === 'candidate-pair');
  const bitrate = pairs.find(({ nominated }) => nominated)?.availableOutgoingBitrate;
  return bitrate === undefined ? null : Math.round(bitrate / 1000);
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

/** With simulcast, a layer that waits for the network counts, although the others are whole. */
function readLimit(layers: readonly OutboundStats[]): BroadcastStats['limitedBy'] {
  const reasons = new Set(layers.map(({ qualityLimitationReason }) => qualityLimitationReason));
  return (['bandwidth', 'cpu', 'other'] as const).find((reason) => reasons.has(reason)) ?? null;
}
