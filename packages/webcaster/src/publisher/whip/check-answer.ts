import { readSections } from '@gatecast/webrtc';
import type { TrackKind } from '../../capture/capture-request.js';
import { mediaRefused } from '../publisher-errors.js';

/**
 * The kinds of media that an ingest does not receive: the port of their section is 0, or its direction lets nothing come
 * in (RFC 3264 section 6.1).
 */
export function refusedKinds(answerSdp: string): readonly TrackKind[] {
  return readSections(answerSdp)
    .filter(({ direction }) => direction === 'inactive' || direction === 'sendonly')
    .map(({ kind }) => kind);
}

/**
 * Compares an answer with what was offered.
 *
 * @param offered - the kinds of the tracks that are to be sent.
 * @returns the kinds that the ingest does not receive, if the page allows a broadcast without them.
 * @throws GatecastError `codec-unavailable`
 */
export function checkAnswer(
  answerSdp: string,
  { offered, allowsPartial }: { offered: readonly TrackKind[]; allowsPartial: boolean },
): readonly TrackKind[] {
  const refused = refusedKinds(answerSdp).filter((kind) => offered.includes(kind));
  const isAnyReceived = offered.some((kind) => !refused.includes(kind));
  if (refused.length > 0 && !(allowsPartial && isAnyReceived)) throw mediaRefused(refused, false);
  return refused;
}
