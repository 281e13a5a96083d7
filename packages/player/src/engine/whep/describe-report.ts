/** Figures of one WHEP session. What the browser does not report is `null`. */
export interface WhepStatistics {
  /** From the server to the screen, in milliseconds: half of the round trip, jitter buffer and decoder. */
  readonly delayMs: number | null;
  readonly roundTripMs: number | null;
  /** Average time in the jitter buffer since the sample before, in milliseconds. */
  readonly jitterBufferMs: number | null;
  readonly jitterMs: number | null;
  /** Of all packets since the session began, in per cent. */
  readonly lossPercent: number | null;
  readonly kbps: number | null;
  readonly framesDecoded: number | null;
  readonly framesDropped: number | null;
  readonly framesPerSecond: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly videoCodec: string | null;
  readonly audioCodec: string | null;
  /** `host`, `srflx`, `prflx` or `relay`: how the own side reaches the server. */
  readonly candidateType: string | null;
}

/** The members of statistics that are read here. */
type Stats = RTCStats & Readonly<Record<string, unknown>>;

/** Pure; without addresses of the viewer. */
export function describeReport(report: RTCStatsReport, before: RTCStatsReport | undefined): WhepStatistics {
  const video = inbound(report, 'video');
  const audio = inbound(report, 'audio');
  const main = video ?? audio;
  const pair = find(report, ({ type, nominated, state }) =>
    Boolean(type === 'candidate-pair' && nominated && state === 'succeeded'),
  );
  const roundTripMs = inMs(numberOf(pair, 'currentRoundTripTime'));
  const earlier = before && main && byId(before, main.id);
  const jitterBufferMs = inMs(rate(main, earlier, 'jitterBufferDelay', 'jitterBufferEmittedCount'));
  const decodeMs = inMs(rate(video, earlier, 'totalDecodeTime', 'framesDecoded')) ?? 0;
  return {
    delayMs: sum(roundTripMs === null ? null : roundTripMs / 2, jitterBufferMs, decodeMs),
    roundTripMs,
    jitterBufferMs,
    jitterMs: inMs(numberOf(main, 'jitter')),
    lossPercent: lossOf([video, audio]),
    kbps: kbpsOf(report, before),
    framesDecoded: numberOf(video, 'framesDecoded'),
    framesDropped: numberOf(video, 'framesDropped'),
    framesPerSecond: numberOf(video, 'framesPerSecond'),
    width: numberOf(video, 'frameWidth'),
    height: numberOf(video, 'frameHeight'),
    videoCodec: codecOf(report, video),
    audioCodec: codecOf(report, audio),
    candidateType: textOf(byId(report, pair?.['localCandidateId']), 'candidateType'),
  };
}

function find(report: RTCStatsReport, matches: (stats: Stats) => boolean): Stats | undefined {
  let found: Stats | undefined;
  report.forEach((stats: Stats) => {
    if (!found && matches(stats)) found = stats;
  });
  return found;
}

function inbound(report: RTCStatsReport, wanted: string): Stats | undefined {
  return find(
    report,
    ({ type, kind, packetsReceived }) =>
      type === 'inbound-rtp' && kind === wanted && Number(packetsReceived) > 0,
  );
}

function byId(report: RTCStatsReport, wanted: unknown): Stats | undefined {
  return find(report, ({ id }) => id === wanted);
}

function numberOf(stats: Stats | undefined, name: string): number | null {
  const value = stats?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function textOf(stats: Stats | undefined, name: string): string | null {
  const value = stats?.[name];
  return typeof value === 'string' ? value : null;
}

/** `H264` of `video/H264`. */
function codecOf(report: RTCStatsReport, stats: Stats | undefined): string | null {
  return textOf(byId(report, stats?.['codecId']), 'mimeType')?.replace(/^.*\//, '') ?? null;
}

/** How much of `total` belongs to each of `count`, since the sample before. */
function rate(
  now: Stats | undefined,
  before: Stats | undefined,
  total: string,
  count: string,
): number | null {
  const change = (name: string) => (numberOf(now, name) ?? NaN) - (numberOf(before, name) ?? 0);
  const [value, times] = [change(total), change(count)];
  // Less than before: the counters have begun again.
  return value >= 0 && times > 0 ? value / times : null;
}

function lossOf(streams: readonly (Stats | undefined)[]): number | null {
  const total = (name: string) => streams.reduce((all, stats) => all + (numberOf(stats, name) ?? 0), 0);
  const [lost, received] = [Math.max(0, total('packetsLost')), total('packetsReceived')];
  return received > 0 ? round((100 * lost) / (lost + received)) : null;
}

function kbpsOf(report: RTCStatsReport, before: RTCStatsReport | undefined): number | null {
  if (!before) return null;
  let bits = 0;
  let spanMs = 0;
  report.forEach((stats: Stats) => {
    const earlier = stats.type === 'inbound-rtp' ? byId(before, stats.id) : undefined;
    if (!earlier) return;
    bits += 8 * ((numberOf(stats, 'bytesReceived') ?? 0) - (numberOf(earlier, 'bytesReceived') ?? 0));
    spanMs = Math.max(spanMs, stats.timestamp - earlier.timestamp);
  });
  return spanMs > 0 && bits >= 0 ? Math.round(bits / spanMs) : null;
}

function inMs(seconds: number | null): number | null {
  return seconds === null ? null : round(seconds * 1000);
}

function sum(...parts: readonly (number | null)[]): number | null {
  return parts.some((part) => part === null)
    ? null
    : round(parts.reduce<number>((all, part) => all + (part ?? 0), 0));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
