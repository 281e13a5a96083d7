/** One `m=` section of a session description. */
export interface MediaSection {
  /** Media type, such as `video`. */
  readonly kind: string;
  /** 0 if the section is rejected. */
  readonly port: number;
  readonly direction: Direction;
  /** All lines of the section, the first one is `m=`. */
  readonly lines: readonly string[];
}

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface CodecEntry {
  readonly payloadType: string;
  /** Name in capitals, such as `H264`. */
  readonly name: string;
  /** Value of `a=fmtp`, or an empty text. */
  readonly parameters: string;
}

/** Whether a text is a session description with what a peer connection needs. */
export function isSessionDescription(sdp: string): boolean {
  return /^v=0\r?\n/.test(sdp) && /^a=ice-ufrag:/m.test(sdp) && /^a=fingerprint:/m.test(sdp);
}

/** Most media sections of a description. Each one costs a negotiation, also a rejected one. */
export const MAX_MEDIA_SECTIONS = 8;

/** Splits a session description into the lines before the first `m=` line, and the media sections. */
export function splitSdp(sdp: string): { session: readonly string[]; media: readonly MediaSection[] } {
  const session: string[] = [];
  const media: string[][] = [];
  for (const line of sdp.split(/\r?\n/)) {
    if (line === '') continue;
    if (line.startsWith('m=')) media.push([line]);
    else (media.at(-1) ?? session).push(line);
  }
  return { session, media: media.map((section) => readSection(withPort(section))) };
}

/**
 * Of a section that is offered for the transport of another one, port 0 does not mean that it is rejected. Firefox offers so.
 * @see https://www.rfc-editor.org/rfc/rfc8843#section-6
 */
function withPort(lines: readonly string[]): readonly string[] {
  if (!lines.includes('a=bundle-only')) return lines;
  const [first = '', ...rest] = lines;
  return [first.replace(/^(m=\S+) 0 /, '$1 9 '), ...rest.filter((line) => line !== 'a=bundle-only')];
}

function readSection(lines: readonly string[]): MediaSection {
  const [, kind = '', port = '0'] = /^m=(\S+) (\d+)/.exec(lines[0] ?? '') ?? [];
  const directions = lines.map((line) => /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/.exec(line)?.[1]);
  // RFC 8866, 6.7: the default direction is sendrecv.
  const direction = (directions.find((found) => found !== undefined) ?? 'sendrecv') as Direction;
  return { kind, port: Number(port), direction, lines };
}

/** Lists the codecs of a section in the order of its `m=` line. */
export function listCodecs({ lines }: MediaSection): CodecEntry[] {
  const names = new Map<string, string>();
  const parameters = new Map<string, string>();
  for (const line of lines) {
    const [, attribute, payloadType = '', value = ''] = /^a=(rtpmap|fmtp):(\d{1,3}) (\S.*)$/.exec(line) ?? [];
    if (attribute === 'rtpmap') names.set(payloadType, (value.split('/', 1)[0] ?? '').toUpperCase());
    else if (attribute === 'fmtp') parameters.set(payloadType, value.trim());
  }
  const payloadTypes = (lines[0] ?? '').trim().split(' ').slice(3);
  return payloadTypes.map((payloadType) => ({
    payloadType,
    name: names.get(payloadType) ?? '',
    parameters: parameters.get(payloadType) ?? '',
  }));
}

/** A section with these payload types only, in this order. `keeps` can drop further lines of these codecs. */
export function withCodecs(
  { lines }: MediaSection,
  payloadTypes: readonly string[],
  keeps: (line: string) => boolean = () => true,
): string[] {
  const [first = '', ...rest] = lines;
  const kept = rest.filter((line) => {
    const payloadType = /^a=(?:rtpmap|fmtp|rtcp-fb):(\S+) /.exec(line)?.[1];
    if (payloadType === undefined) return true;
    return (payloadTypes.includes(payloadType) || payloadType === '*') && keeps(line);
  });
  return [[...first.trim().split(' ').slice(0, 3), ...payloadTypes].join(' '), ...kept];
}

/** Joins the lines of a description. */
export function joinSdp(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n`;
}

/** Replaces the ICE credentials of a description, for an ICE restart. */
export function withIceCredentials(sdp: string, ufrag: string, password: string): string {
  return sdp
    .replace(/^a=ice-ufrag:.*$/gm, `a=ice-ufrag:${ufrag}`)
    .replace(/^a=ice-pwd:.*$/gm, `a=ice-pwd:${password}`);
}

/**
 * Removes the candidates from a description. The server learns the client's addresses from its connectivity checks. So it
 * never sends to an unverified address, and it does not have to resolve the mDNS names in browser candidates.
 */
export function withoutCandidates(sdp: string): string {
  return sdp.replace(/^a=(candidate:.*|end-of-candidates)\r?\n/gm, '');
}

/** Returns the value of the first `a=<name>:` line. */
export function sdpAttribute(sdp: string, name: string): string | undefined {
  return new RegExp(`^a=${name}:(.+?)\\r?$`, 'm').exec(sdp)?.[1];
}
