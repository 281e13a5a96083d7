import type { CaseAction, QaCase } from './qa-case.js';

/** Limit for an interruption that viewers hardly notice. */
const hitchMs = 400;

const setFaults = (faults: Readonly<Record<string, unknown>>): CaseAction[] => [{ kind: 'faults', faults }];

const playerCase = { subject: 'player', needsFaultApi: false, tokenLifeSeconds: 12 } as const;

/** All cases, in the order in which they run. */
export const qaCases: readonly QaCase[] = [
  {
    ...playerCase,
    name: 'steady',
    title: 'No fault',
    words: 'Tokens are renewed during normal playback.',
    tokenLifeSeconds: 6,
    actions: [],
    holdMs: 12_000,
    expected: { mostStallMs: 0 },
  },
  {
    ...playerCase,
    name: 'expire-now',
    title: 'Expire all tokens',
    words: 'The origin refuses every token issued so far.',
    actions: [{ kind: 'trigger', path: 'expireNow' }],
    holdMs: 6_000,
    expected: { mostStallMs: hitchMs, leastRenewals: 1 },
  },
  {
    ...playerCase,
    name: 'refuse-media',
    title: 'Refuse 3 media requests',
    words: 'The origin returns 403 to the next three requests for playlists, segments or keys.',
    actions: setFaults({ 'media.reject': { stream: '*', status: 403, count: 3 } }),
    holdMs: 6_000,
    holdsUntilRefused: true,
    expected: { mostStallMs: hitchMs },
  },
  {
    ...playerCase,
    name: 'backend-fails',
    title: 'Token endpoint fails 4 times',
    words: 'The token endpoint returns 503 to the next four requests.',
    tokenLifeSeconds: 20,
    actions: setFaults({ 'tokens.fail': 4, 'tokens.status': 503 }),
    holdMs: 18_000,
    expected: { mostStallMs: hitchMs },
  },
  {
    ...playerCase,
    name: 'backend-down',
    title: 'Token endpoint down',
    words: 'The token endpoint closes every connection for ten seconds.',
    actions: setFaults({ 'tokens.down': true }),
    holdMs: 10_000,
    expected: { mostStallMs: hitchMs },
  },
  {
    ...playerCase,
    name: 'backend-slow',
    title: 'Token endpoint slow',
    words: 'The token endpoint responds after 2.5 seconds.',
    actions: setFaults({ 'tokens.latencyMs': 2_500 }),
    holdMs: 14_000,
    expected: { mostStallMs: hitchMs },
  },
  {
    ...playerCase,
    name: 'wrong-shape',
    title: 'Response without a token',
    words: 'The token endpoint returns JSON without a token.',
    actions: setFaults({ 'tokens.shape': 'wrong' }),
    holdMs: 11_000,
    expected: { mostStallMs: hitchMs },
  },
  {
    ...playerCase,
    name: 'clock-ahead',
    title: 'Device clock 10 min behind',
    words: 'The server’s clock is ten minutes ahead of this device.',
    needsFaultApi: true,
    actions: setFaults({ clockSkewSeconds: 600 }),
    holdMs: 12_000,
    expected: { mostStallMs: hitchMs, leastRenewals: 1 },
  },
  {
    ...playerCase,
    name: 'clock-behind',
    title: 'Device clock 10 min ahead',
    words: 'The server’s clock is ten minutes behind this device.',
    needsFaultApi: true,
    actions: setFaults({ clockSkewSeconds: -600 }),
    holdMs: 12_000,
    expected: { mostStallMs: hitchMs, leastRenewals: 1 },
  },
  {
    ...playerCase,
    name: 'background',
    title: '1 min in the background',
    words: 'Simulated: the page becomes hidden, and its clock jumps ahead by one minute.',
    tokenLifeSeconds: 30,
    actions: [{ kind: 'background', driftMs: 60_000 }],
    holdMs: 4_000,
    expected: { mostStallMs: hitchMs, leastRenewals: 1, renewsBeforeEnd: true },
  },
  {
    ...playerCase,
    name: 'offline',
    title: 'Offline for 5 s',
    words: 'Every request fails for five seconds, and the browser reports that it is offline.',
    actions: [{ kind: 'offline' }],
    holdMs: 5_000,
    expected: { mostStallMs: 8_000 },
  },
  {
    ...playerCase,
    name: 'rendition-403',
    title: '403 for one rendition',
    words: 'The origin refuses the best of three renditions. Each rendition has its own token.',
    needsFaultApi: true,
    play: 'entries=demo-high,demo-medium,demo-low',
    actions: setFaults({ 'media.reject': { stream: 'demo-high', status: 403 } }),
    holdMs: 12_000,
    expected: { mostStallMs: 2_500 },
  },
  {
    ...playerCase,
    name: 'revoked',
    title: 'Access revoked for 5 s',
    words: 'The backend ends the access to the stream, and allows it again.',
    needsFaultApi: true,
    play: `src=/live/demo.m3u8&token-url=${encodeURIComponent('/api/tokens?push')}`,
    tokenLifeSeconds: 30,
    actions: [{ kind: 'revoke' }],
    holdMs: 5_000,
    expected: { mostStallMs: 6_000, stops: { code: 'revoked', withinMs: 2_000 } },
  },
  {
    name: 'ingest-killed',
    title: 'Ingest connection closed',
    words: 'The ingest ends the broadcast without a notice.',
    subject: 'webcaster',
    needsFaultApi: true,
    tokenLifeSeconds: 30,
    actions: [{ kind: 'trigger', path: 'ingest.kill' }],
    holdMs: 5_000,
    expected: { mostStallMs: 12_000 },
  },
];

/** The names of all cases, in the order in which they run. */
export const caseNames: readonly string[] = qaCases.map(({ name }) => name);

export function findCase(name: string): QaCase | undefined {
  return qaCases.find((each) => each.name === name);
}

/** Can a case run with each token scheme? A case with a source of its own, or of the webcaster, cannot. */
export function isForSchemes({ subject, play }: QaCase): boolean {
  return subject === 'player' && play === undefined;
}
