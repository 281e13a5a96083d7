import type { AnswerFault, FaultCase, MediaFault } from './fault-case.js';

const playing = { stream: 'media', when: 'playing', seconds: 6 } as const;

const playlistContents: readonly (readonly [string, string, AnswerFault | MediaFault])[] = [
  ['empty', 'the playlist has no content', { kind: 'empty' }],
  ['header-only', 'the playlist is #EXTM3U alone', { kind: 'header-only' }],
  ['half', 'half a playlist', { kind: 'half' }],
  ['html', 'an HTML page with status 200 as playlist', { kind: 'html' }],
  ['wrong-type', 'the playlist as text/plain', { kind: 'wrong-type' }],
  ['truncated', 'the playlist breaks off', { kind: 'truncated' }],
];

const segmentContents: readonly (readonly [string, string, AnswerFault | MediaFault])[] = [
  ['empty', 'segments have no content', { kind: 'empty' }],
  ['garbage', 'segments of random bytes', { kind: 'garbage' }],
  ['half', 'half a segment', { kind: 'half' }],
  ['html', 'an HTML page with status 200 as segment', { kind: 'html' }],
  ['truncated', 'segments break off', { kind: 'truncated' }],
];

/** Content that is not what was asked for. */
export const contentCases: readonly FaultCase[] = [
  ...playlistContents.flatMap(([suffix, title, does]): FaultCase[] => [
    { ...playing, name: `playlist-${suffix}`, title, faults: [{ on: 'playlist', does }] },
    {
      ...playing,
      name: `playlist-${suffix}-at-start`,
      title,
      when: 'start',
      faults: [{ on: 'playlist', does }],
      // A page that has never been a playlist is a wrong address.
      ...(suffix === 'html' && { expect: { isFinal: true } }),
    },
  ]),
  {
    ...playing,
    name: 'playlist-one-empty',
    title: 'one playlist without content',
    faults: [{ on: 'playlist', does: { kind: 'empty' }, requests: 1 }],
    expect: { error: 'none' },
  },
  {
    ...playing,
    name: 'playlist-one-html',
    title: 'one HTML page with status 200 as playlist',
    faults: [{ on: 'playlist', does: { kind: 'html' }, requests: 1 }],
    expect: { error: 'none' },
  },
  ...segmentContents.map(([suffix, title, does]): FaultCase => ({
    ...playing,
    name: `segment-${suffix}`,
    title,
    faults: [{ on: 'segment', does }],
    // What is half a segment is in the buffer, and its end must be skipped.
    ...(suffix === 'half' && { expect: { backWithinS: 12 } }),
  })),
  {
    ...playing,
    name: 'segment-garbage-at-start',
    title: 'segments of random bytes',
    when: 'start',
    faults: [{ on: 'segment', does: { kind: 'garbage' } }],
  },
  {
    ...playing,
    name: 'segment-one-truncated',
    title: 'one segment breaks off',
    faults: [{ on: 'segment', does: { kind: 'truncated' }, requests: 1 }],
    expect: { error: 'none' },
  },
  {
    ...playing,
    name: 'ts-segment-garbage',
    title: 'transport stream: segments of random bytes',
    stream: 'ts',
    faults: [{ on: 'segment', does: { kind: 'garbage' } }],
  },
];
