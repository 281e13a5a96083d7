import type { FaultCase, FaultTarget, RetryAfterForm } from './fault-case.js';

const outageSeconds = 8;

/** Statuses that an origin sends while it restarts, moves, is overloaded or purges. */
const statuses = [400, 401, 403, 404, 409, 410, 429, 500, 502, 503] as const;

interface StatusOptions {
  readonly when?: FaultCase['when'];
  readonly retryAfter?: RetryAfterForm;
  readonly waits?: boolean;
}

function answers(
  on: FaultTarget,
  status: number,
  { when = 'playing', retryAfter, waits = false }: StatusOptions = {},
): FaultCase {
  const stream = on === 'key' ? 'aes' : on === 'multivariant' ? 'multivariant' : 'media';
  const after = retryAfter ? `, Retry-After as ${retryAfter}` : '';
  const suffix = `${when === 'start' ? '-at-start' : ''}${retryAfter ? `-${retryAfter}` : ''}${waits ? '-waiting' : ''}`;
  const isAbsent = status === 404 || status === 410;
  // A playlist that has never been there is a wrong address, unless the page says that the stream starts later.
  const isFinal = when === 'start' && isAbsent && !waits && (on === 'playlist' || on === 'multivariant');
  return {
    name: `${on}-${String(status)}${suffix}`,
    title: `${on} answers ${status}${after}${waits ? '; the page has set `wait`' : ''}`,
    stream,
    when,
    seconds: outageSeconds,
    faults: [{ on, does: { kind: 'status', status, ...(retryAfter && { retryAfter }) } }],
    ...(waits && { waits }),
    ...(isFinal && { expect: { isFinal } }),
  };
}

export const playlistStatusCases: readonly FaultCase[] = [
  ...statuses.map((status) => answers('playlist', status)),
  answers('playlist', 503, { retryAfter: 'seconds' }),
  answers('playlist', 429, { retryAfter: 'date' }),
];

export const segmentStatusCases: readonly FaultCase[] = [
  ...statuses.map((status) => answers('segment', status)),
  answers('segment', 503, { retryAfter: 'seconds' }),
  answers('key', 404),
  answers('key', 410),
  answers('key', 503),
];

export const startStatusCases: readonly FaultCase[] = [
  ...([401, 403, 404, 410, 429, 500, 503] as const).map((status) =>
    answers('playlist', status, { when: 'start' }),
  ),
  answers('playlist', 503, { when: 'start', retryAfter: 'date' }),
  answers('playlist', 404, { when: 'start', waits: true }),
  answers('playlist', 410, { when: 'start', waits: true }),
  answers('multivariant', 404, { when: 'start' }),
  answers('multivariant', 404, { when: 'start', waits: true }),
  answers('multivariant', 503, { when: 'start' }),
  answers('init', 404, { when: 'start' }),
  answers('init', 503, { when: 'start' }),
  answers('segment', 404, { when: 'start' }),
  answers('segment', 503, { when: 'start' }),
  answers('key', 404, { when: 'start' }),
  answers('key', 503, { when: 'start' }),
];
