/** A fault with a list of values to choose from. */
export interface FaultChoice {
  /** Path in the backend's fault settings, for example `tokens.ttlSeconds`. */
  readonly path: string;
  readonly title: string;
  readonly hint: string;
  /** Labels and values; `null` means no fault. */
  readonly options: readonly (readonly [label: string, value: unknown])[];
}

const latencies = [
  ['None', null],
  ['100 ms', 100],
  ['300 ms', 300],
  ['1 s', 1_000],
  ['3 s', 3_000],
  ['10 s', 10_000],
] as const;

export const faultChoices: readonly FaultChoice[] = [
  {
    path: 'tokens.ttlSeconds',
    title: 'Token lifetime',
    hint: 'Applies to new tokens. Short lifetimes show more renewals.',
    options: [
      ['Server default', null],
      ...[4, 6, 10, 20].map((seconds) => [`${seconds} seconds`, seconds] as const),
      ['1 minute', 60],
      ['10 minutes', 600],
    ],
  },
  {
    path: 'tokens.down',
    title: 'Token endpoint',
    hint: 'Down: every connection is closed without a response.',
    options: [
      ['Up', null],
      ['Down', true],
    ],
  },
  {
    path: 'tokens.latencyMs',
    title: 'Token latency',
    hint: 'Delay before every token response.',
    options: latencies,
  },
  {
    path: 'clockSkewSeconds',
    title: 'Server clock',
    hint: 'Has the same effect as a wrong clock on this device.',
    options: [
      ['Correct', null],
      ['10 minutes ahead', 600],
      ['2 minutes ahead', 120],
      ['2 minutes behind', -120],
      ['10 minutes behind', -600],
    ],
  },
  {
    path: 'media.reject',
    title: 'Refuse media requests',
    hint: 'The origin returns 403 for every token.',
    options: [
      ['None', null],
      ['Any, once', { stream: '*', count: 1 }],
      ['Any, 3 times', { stream: '*', count: 3 }],
      ['Any, 5 segments', { stream: '*', kind: 'segment', count: 5 }],
      ['demo-high', 'demo-high'],
      ['demo-medium', 'demo-medium'],
      ['demo-low', 'demo-low'],
      ['All', '*'],
    ],
  },
  {
    path: 'latencyMs',
    title: 'Response latency',
    hint: 'Delay before every response.',
    options: latencies,
  },
  {
    path: 'media.throttleKbps',
    title: 'Bandwidth',
    hint: 'Limit for each media response. The player switches to a lower rendition.',
    options: [['Unlimited', null], ...[2_000, 800, 400].map((kbps) => [`${kbps} kbit/s`, kbps] as const)],
  },
  {
    path: 'ingest.refuse',
    title: 'New broadcasts',
    hint: 'The ingest returns 503 with Retry-After.',
    options: [
      ['Accepted', null],
      ['503, retry after 1 s', { retryAfterSeconds: 1 }],
      ['503, retry after 5 s', { retryAfterSeconds: 5 }],
      ['503, retry after 1 min', { retryAfterSeconds: 60 }],
    ],
  },
  {
    path: 'ingest.codecs',
    title: 'Video codecs of the ingest',
    hint: 'New broadcasts get the first codec of their offer that the ingest has. HLS is made of H.264 only.',
    options: [
      ['All', null],
      ['H.264 only', ['h264']],
      ['VP8 only', ['vp8']],
    ],
  },
  {
    path: 'whep.refuse',
    title: 'New WHEP viewers',
    hint: 'Status of the response to a viewer’s offer.',
    options: [
      ['Accepted', null],
      ['503, retry after 5 s', { status: 503, retryAfterSeconds: 5 }],
      ['409, nobody publishes', { status: 409, retryAfterSeconds: 2 }],
      ['404', { status: 404 }],
      ['403', { status: 403 }],
    ],
  },
  {
    path: 'whep.block',
    title: 'WHEP media',
    hint: 'As a firewall does: sessions are accepted, but cannot connect, or get no media.',
    options: [
      ['Sent', null],
      ['No connection', 'connection'],
      ['No media', 'media'],
    ],
  },
  {
    path: 'whep.counterOffer',
    title: 'WHEP offer',
    hint: 'The server rejects the player’s offer (406) and sends its own.',
    options: [
      ['Player’s', null],
      ['Server’s', true],
    ],
  },
];

/** Shape of the token response. It is separate from the other faults because few testers need it. */
export const shapeChoice: FaultChoice = {
  path: 'tokens.shape',
  title: 'Response format',
  hint: 'All formats that existing backends use, and two that the player does not accept.',
  options: [
    ['Gatecast', null],
    ['JWT as plain text', 'text'],
    ['{ token }', 'token'],
    ['{ success, data: { token } }', 'data'],
    ['{ h5live: { security } }', 'h5live'],
    ['{ jwtoken }', 'jwtoken'],
    ['JSON without a token', 'wrong'],
    ['HTML sign-in page', 'html'],
  ],
};

/** Faults of the token response that are on or off. */
export const responseFlags: readonly (readonly [path: string, label: string])[] = [
  ['tokens.bootstrap', 'Playlists in the response'],
  ['tokens.repeat', 'Repeat the previous token'],
  ['tokens.expired', 'Expired token'],
  ['tokens.notYetValid', 'Token not valid yet'],
  ['tokens.milliseconds', 'Milliseconds instead of seconds'],
  ['tokens.omitExp', 'No expiry'],
  ['tokens.opaque', 'Not a JWT'],
  ['tokens.omitServerTime', 'No server time'],
];

/** HTTP statuses for failures of the token endpoint. */
export const failStatuses: readonly (readonly [status: number, label: string])[] = [
  [503, '503 unavailable'],
  [500, '500 error'],
  [429, '429 rate limited'],
  [403, '403 forbidden'],
  [401, '401 unauthorized'],
];
