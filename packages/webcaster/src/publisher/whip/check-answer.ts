import type { TrackKind } from '../../capture/capture-request.js';
import { mediaRefused } from '../publisher-errors.js';

/** An answer as browsers read it: some servers leave out the last line end, which RFC 8866 section 9 requires. */
export function withLastLineEnd(sdp: string): string {
  return sdp === '' || sdp.endsWith('\n') ? sdp : `${sdp}\r\n`;
}

/**
 * The kinds of media that an ingest does not receive: the port of their section is 0 (RFC 9429 section 5.3.1), or its
 * direction lets nothing come in (RFC 3264 section 6.1).
 */
export function refusedKinds(answerSdp: string): readonly TrackKind[] {
  const [session = '', ...sections] = answerSdp.split(/^(?=m=)/m);
  const sessionDirection = directionOf(session) ?? 'sendrecv';
  return sections.flatMap((section) => {
    const [, kind, port] = /^m=(audio|video) (\d+)/.exec(section) ?? [];
    if (kind !== 'audio' && kind !== 'video') return [];
    const direction = directionOf(section) ?? sessionDirection;
    const isReceived = port !== '0' && (direction === 'recvonly' || direction === 'sendrecv');
    return isReceived ? [] : [kind];
  });
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

function directionOf(lines: string): string | undefined {
  return /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(lines)?.[1];
}
