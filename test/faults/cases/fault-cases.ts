import { connectionCases } from './connection-cases.js';
import { contentCases } from './content-cases.js';
import type { FaultCase, FaultGroup } from './fault-case.js';
import { playlistStatusCases, segmentStatusCases, startStatusCases } from './status-cases.js';
import { streamCases } from './stream-cases.js';
import { refusalCases, tokenEndpointCases } from './token-cases.js';

/** All cases, in the order of the table. */
export const faultGroups: readonly FaultGroup[] = [
  { name: 'playlist', title: 'A live playlist responds with an error', cases: playlistStatusCases },
  { name: 'segment', title: 'Segments or keys respond with an error', cases: segmentStatusCases },
  { name: 'start', title: 'An error at the start', cases: startStatusCases },
  { name: 'connection', title: 'The connection to the origin fails', cases: connectionCases },
  { name: 'content', title: 'The content is damaged', cases: contentCases },
  { name: 'endpoint', title: 'The token endpoint fails', cases: tokenEndpointCases },
  { name: 'refusal', title: 'The origin refuses good tokens, or clocks differ', cases: refusalCases },
  { name: 'stream', title: 'The stream changes', cases: streamCases },
];

export const faultCases: readonly FaultCase[] = faultGroups.flatMap(({ cases }) => cases);

/** @throws RangeError if there is no case with this name. */
export function findCase(name: string): FaultCase {
  const found = faultCases.find((each) => each.name === name);
  if (!found) throw new RangeError(`There is no case ${name}.`);
  return found;
}
