interface Statistics {
  readonly delayMs?: number | null;
  readonly roundTripMs?: number | null;
  readonly jitterMs?: number | null;
  readonly lossPercent?: number | null;
  readonly framesDropped?: number | null;
  readonly candidateType?: string | null;
}

type Diagnostics = Readonly<Record<string, unknown>>;
export type Fact = readonly [term: string, value: string, isBad?: boolean];

const inMs = (value: number | null | undefined): string | null =>
  typeof value === 'number' ? `${value.toFixed(0)} ms` : null;
const inPercent = (value: number | null | undefined): string | null =>
  typeof value === 'number' ? `${value.toFixed(1)} %` : null;

/** What WebRTC says of a player. @param diagnostics - of the player, as JSON. @returns `null` unless it plays so. */
function statisticsOf(diagnostics: Diagnostics): Statistics | null {
  const playback = diagnostics['playback'] as { engine?: { statistics?: Statistics | null } | null } | null;
  return playback?.engine?.statistics ?? null;
}

/** The network in one line, such as `jitter 4 ms · loss 0.5 %`. @param diagnostics - of a player, as JSON. */
export function describeStatistics(diagnostics: Diagnostics): string {
  const { jitterMs, lossPercent, framesDropped } = statisticsOf(diagnostics) ?? {};
  const [jitter, loss] = [inMs(jitterMs), inPercent(lossPercent)];
  const parts = [
    jitter !== null && `jitter ${jitter}`,
    loss !== null && `loss ${loss}`,
    typeof framesDropped === 'number' && `${String(framesDropped)} frames dropped`,
  ];
  return parts.filter(Boolean).join(' · ');
}

/** Term and value of each figure of WebRTC; empty with another engine. @param diagnostics - of a player, as JSON. */
export function statisticFacts(diagnostics: Diagnostics): readonly Fact[] {
  const statistics = statisticsOf(diagnostics);
  if (!statistics) return [];
  const { delayMs, roundTripMs, jitterMs, lossPercent, framesDropped, candidateType } = statistics;
  return [
    ['WebRTC delay', inMs(delayMs) ?? '–'],
    ['Round trip', inMs(roundTripMs) ?? '–'],
    ['Jitter', inMs(jitterMs) ?? '–'],
    ['Packet loss', inPercent(lossPercent) ?? '–', (lossPercent ?? 0) >= 1],
    ['Frames dropped', typeof framesDropped === 'number' ? String(framesDropped) : '–'],
    ['Connection', candidateType === 'relay' ? 'by TURN' : candidateType ? 'direct' : '–'],
  ];
}
