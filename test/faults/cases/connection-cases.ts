import type { FaultCase } from './fault-case.js';

const outage = { stream: 'media', when: 'playing', seconds: 8 } as const;
const reset = { kind: 'reset' } as const;
const hang = { kind: 'hang' } as const;

/** Faults of the network between player and origin. */
export const connectionCases: readonly FaultCase[] = [
  {
    ...outage,
    name: 'media-reset',
    title: 'connections of the origin are reset',
    faults: [{ on: 'media', does: reset }],
  },
  {
    ...outage,
    name: 'media-reset-at-start',
    title: 'connections of the origin are reset',
    when: 'start',
    faults: [{ on: 'media', does: reset }],
  },
  {
    ...outage,
    name: 'segment-reset',
    title: 'connections of segments are reset',
    faults: [{ on: 'segment', does: reset }],
  },
  {
    ...outage,
    name: 'playlist-hang',
    title: 'no response to a playlist',
    seconds: 12,
    faults: [{ on: 'playlist', does: hang }],
    // hls.js gives a request without a response up after 10 s, and nothing shows that the origin is well again.
    expect: { backWithinS: 12 },
  },
  {
    ...outage,
    name: 'segment-hang',
    title: 'no response to segments',
    seconds: 12,
    faults: [{ on: 'segment', does: hang }],
    expect: { backWithinS: 12 },
  },
  {
    ...outage,
    name: 'one-segment-hangs',
    title: 'no response to one segment',
    seconds: 10,
    faults: [{ on: 'segment', does: hang, requests: 1 }],
    expect: { backWithinS: 12 },
  },
  {
    ...outage,
    name: 'segment-slow',
    title: 'segments come at 40 kbit/s',
    seconds: 12,
    faults: [{ on: 'segment', does: { kind: 'slow', kilobitsPerSecond: 40 } }],
    expect: { backWithinS: 12 },
  },
  {
    ...outage,
    name: 'media-reset-paused',
    title: 'connections of the origin are reset',
    when: 'paused',
    seconds: 15,
    faults: [{ on: 'media', does: reset }],
  },
  {
    ...outage,
    name: 'media-reset-long',
    title: 'connections of the origin are reset',
    seconds: 40,
    faults: [{ on: 'media', does: reset }],
  },
  {
    ...outage,
    name: 'media-503-long',
    title: 'everything at the origin returns 503',
    seconds: 40,
    faults: [{ on: 'media', does: { kind: 'status', status: 503 } }],
  },
  {
    ...outage,
    name: 'everything-reset',
    title: 'connections of origin and endpoint are reset',
    seconds: 20,
    tokenTtlSeconds: 20,
    faults: [
      { on: 'media', does: reset },
      { on: 'tokens', does: reset },
    ],
  },
];
