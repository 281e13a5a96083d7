/** Media type of candidates and ICE restarts (RFC 8840). */
export const FRAGMENT_TYPE = 'application/trickle-ice-sdpfrag';

/** ICE credentials and candidates of one generation. */
export interface IceFragment {
  readonly ufrag: string;
  readonly pwd: string;
  /** `candidate:…` lines without `a=`. */
  readonly candidates: readonly string[];
}

export interface TrickleFragment extends IceFragment {
  /** Has gathering ended? */
  readonly isComplete: boolean;
}

/**
 * Builds an `application/trickle-ice-sdpfrag` body for an offer. With max-bundle all candidates belong to the first
 * media section.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8840#section-9
 */
export function buildFragment(
  offerSdp: string,
  { ufrag, pwd, candidates, isComplete }: TrickleFragment,
): string {
  const lines = [
    findLine(offerSdp, /^a=group:BUNDLE .*$/m),
    findLine(offerSdp, /^m=.*$/m),
    findLine(offerSdp, /^a=mid:.*$/m),
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    ...candidates.map((candidate) => `a=${candidate}`),
    isComplete && 'a=end-of-candidates',
  ];
  return lines
    .filter(Boolean)
    .map((line) => `${String(line)}\r\n`)
    .join('');
}

/** Reads the ICE part of an SDP or a fragment; `null` without credentials. */
export function readFragment(sdp: string): IceFragment | null {
  const ufrag = /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];
  const pwd = /^a=ice-pwd:(\S+)/m.exec(sdp)?.[1];
  if (!ufrag || !pwd) return null;
  const candidates = [...sdp.matchAll(/^a=(candidate:.*?)\r?$/gm)].map(([, line = '']) => line);
  return { ufrag, pwd, candidates };
}

/** Does an answer have the ICE option `trickle` (RFC 8840 section 4.1)? */
export function offersTrickle(answerSdp: string): boolean {
  return /^a=ice-options:.*\btrickle\b/m.test(answerSdp);
}

/** The answer of an ICE restart: the previous answer with the server's new ICE part. */
export function restartAnswer(answerSdp: string, { ufrag, pwd, candidates }: IceFragment): string {
  let isPlaced = false;
  const lines: string[] = [];
  for (const line of answerSdp.split(/\r?\n/)) {
    if (/^a=(candidate:|end-of-candidates)/.test(line)) continue;
    if (line.startsWith('a=ice-ufrag:')) lines.push(`a=ice-ufrag:${ufrag}`);
    else if (line.startsWith('a=ice-pwd:')) lines.push(`a=ice-pwd:${pwd}`);
    else lines.push(line);
    if (!isPlaced && line.startsWith('a=mid:')) {
      isPlaced = true;
      lines.push(...candidates.map((candidate) => `a=${candidate}`));
    }
  }
  return lines.join('\r\n');
}

function findLine(sdp: string, pattern: RegExp): string {
  return pattern.exec(sdp)?.[0].trimEnd() ?? '';
}
