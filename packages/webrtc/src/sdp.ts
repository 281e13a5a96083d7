/** The kinds of media that SDP describes for these sessions. */
export type MediaKind = 'audio' | 'video';

/** A media section (`m=` line and what follows). */
export interface MediaSection {
  readonly kind: MediaKind;
  /** What its sender does with it; `inactive` if its port is 0 (RFC 9429 section 5.3.1). */
  readonly direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
}

/** An SDP as browsers read it: some servers leave out the last line end, which RFC 8866 section 9 requires. */
export function withLastLineEnd(sdp: string): string {
  return sdp === '' || sdp.endsWith('\n') ? sdp : `${sdp}\r\n`;
}

/** The audio and video sections of an SDP, in order. A direction of the session holds for sections without one. */
export function readSections(sdp: string): readonly MediaSection[] {
  const [session = '', ...sections] = sdp.split(/^(?=m=)/m);
  const sessionDirection = directionOf(session) ?? 'sendrecv';
  return sections.flatMap((section) => {
    const [, kind, port] = /^m=(audio|video) (\d+)/.exec(section) ?? [];
    if (kind !== 'audio' && kind !== 'video') return [];
    return [{ kind, direction: port === '0' ? 'inactive' : (directionOf(section) ?? sessionDirection) }];
  });
}

function directionOf(lines: string): MediaSection['direction'] | undefined {
  const [, direction] = /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m.exec(lines) ?? [];
  return direction as MediaSection['direction'] | undefined;
}
