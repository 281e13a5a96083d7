import type { CaseAction, QaCase } from './qa-case.js';

/** Below this a viewer sees a hitch at most. */
const hitchMs = 400;

const setFaults = (faults: Readonly<Record<string, unknown>>): CaseAction[] => [{ kind: 'faults', faults }];

const playerCase = { subject: 'player', needsFaultApi: false, tokenLifeSeconds: 12 } as const;

/** All cases, in the order in which they are run. */
export const qaCases: readonly QaCase[] = [
  {
    ...playerCase,
    name: 'steady',
    title: 'Nothing broken',
    words: 'Tokens come and go for a while, and nothing else happens.',
    tokenLifeSeconds: 6,
    actions: [],
    holdMs: 12_000,
    expected: { mostStallMs: 0 },
  },
  {
    ...playerCase,
    name: 'expire-now',
    title: 'Expire now',
    words: 'Every token given out so far is refused from now on.',
    actions: [{ kind: 'trigger', path: 'expireNow' }],
    holdMs: 6_000,
    expected: { mostStallMs: hitchMs, leastRenewals: 1 },
  },
  {
    ...playerCase,
    name: 'refuse-media',
    title: 'Refuse the next 3',
    words: 'The origin answers 403 to the next three media requests.',
    actions: setFaults({ 'media.reject': { stream: '*', status: 403, count: 3 } }),
    holdMs: 6_000,
    expected: { mostStallMs: hitchMs },
  },
  {
    ...playerCase,
    name: 'backend-fails',
    title: 'Backend fails 4 times',
    words: 'The token endpoint answers 503 to the next four requests.',
    tokenLifeSeconds: 20,
    actions: setFaults({ 'tokens.fail': 4, 'tokens.status': 503 }),
    holdMs: 18_000,
    expected: { mostStallMs: hitchMs },
  },
  {
    ...playerCase,
    name: 'backend-down',
    title: 'Backend down',
    words: 'The token endpoint cuts every connection for ten seconds.',
    actions: setFaults({ 'tokens.down': true }),
    holdMs: 10_000,
    expected: { mostStallMs: hitchMs },
  },
  {
    ...playerCase,
    name: 'backend-slow',
    title: 'Backend slow',
    words: 'The token endpoint takes two and a half seconds for an answer.',
    actions: setFaults({ 'tokens.latencyMs': 2_500 }),
    holdMs: 14_000,
    expected: { mostStallMs: hitchMs },
  },
  {
    ...playerCase,
    name: 'wrong-shape',
    title: 'Wrong shape',
    words: 'The token endpoint answers JSON in which there is no token.',
    actions: setFaults({ 'tokens.shape': 'wrong' }),
    holdMs: 11_000,
    expected: { mostStallMs: hitchMs },
  },
  {
    ...playerCase,
    name: 'clock-ahead',
    title: 'Clock 10 min slow',
    words: 'The server is ten minutes ahead of this device.',
    needsFaultApi: true,
    actions: setFaults({ clockSkewSeconds: 600 }),
    holdMs: 12_000,
    expected: { mostStallMs: hitchMs, leastRenewals: 1 },
  },
  {
    ...playerCase,
    name: 'clock-behind',
    title: 'Clock 10 min fast',
    words: 'The server is ten minutes behind this device.',
    needsFaultApi: true,
    actions: setFaults({ clockSkewSeconds: -600 }),
    holdMs: 12_000,
    expected: { mostStallMs: hitchMs, leastRenewals: 1 },
  },
  {
    ...playerCase,
    name: 'background',
    title: 'A minute in the background',
    words: 'Simulated: the page is told that it is hidden, and its clock then jumps by a minute.',
    tokenLifeSeconds: 30,
    actions: [{ kind: 'background', driftMs: 60_000 }],
    holdMs: 4_000,
    expected: { mostStallMs: hitchMs, leastRenewals: 1 },
  },
  {
    ...playerCase,
    name: 'offline',
    title: 'Offline for 5 s',
    words: 'No request gets an answer for five seconds, and the browser says that it is offline.',
    actions: [{ kind: 'offline' }],
    holdMs: 5_000,
    expected: { mostStallMs: 8_000 },
  },
  {
    ...playerCase,
    name: 'rendition-403',
    title: '403 for one rendition',
    words: 'The origin refuses the best of three renditions, each of which has a token of its own.',
    needsFaultApi: true,
    play: 'entries=demo-high,demo-medium,demo-low',
    actions: setFaults({ 'media.reject': { stream: 'demo-high', status: 403 } }),
    holdMs: 12_000,
    expected: { mostStallMs: 2_500 },
  },
  {
    name: 'ingest-killed',
    title: 'Ingest killed',
    words: 'The ingest drops the broadcast without a word.',
    subject: 'webcaster',
    needsFaultApi: true,
    tokenLifeSeconds: 30,
    actions: [{ kind: 'trigger', path: 'ingest.kill' }],
    holdMs: 5_000,
    expected: { mostStallMs: 12_000 },
  },
];

export function findCase(name: string): QaCase | undefined {
  return qaCases.find((each) => each.name === name);
}
