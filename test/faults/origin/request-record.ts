/** One request of a player to its origin or its token endpoint, without address and token. */
export interface RequestRecord {
  readonly atMs: number;
  readonly kind: 'tokens' | 'media';
}

/** Requests of one kind. */
export interface RequestFigures {
  /** From the beginning of the fault to its end. */
  readonly duringFault: number;
  /** The most in any 60 s from the beginning of the fault. */
  readonly perMinute: number;
  /** The most in any second from the beginning of the fault. */
  readonly perSecond: number;
}

function most(times: readonly number[], spanMs: number): number {
  const counts = times.map((from) => times.filter((atMs) => atMs >= from && atMs < from + spanMs).length);
  return Math.max(0, ...counts);
}

/** Counts requests from `beganAtMs` on. */
export function countRequests(
  records: readonly RequestRecord[],
  kind: RequestRecord['kind'],
  { beganAtMs, endedAtMs }: { beganAtMs: number; endedAtMs: number },
): RequestFigures {
  const times = records
    .filter((record) => record.kind === kind && record.atMs >= beganAtMs)
    .map(({ atMs }) => atMs);
  return {
    duringFault: times.filter((atMs) => atMs < endedAtMs).length,
    perMinute: most(times, 60_000),
    perSecond: most(times, 1_000),
  };
}
