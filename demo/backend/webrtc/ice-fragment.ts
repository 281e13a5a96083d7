/** ICE credentials in a trickle ICE fragment. */
export interface IceFragment {
  readonly ufrag: string | undefined;
  readonly password: string | undefined;
}

/** The server's SDP answer to an ICE restart. */
export interface IceRestartAnswer {
  readonly ufrag: string;
  readonly password: string;
  /** `m=` lines of the session with their `mid`, in SDP order. */
  readonly media: readonly { readonly line: string; readonly mid: string }[];
  /** Values of `a=candidate:` lines. */
  readonly candidates: readonly string[];
}

export const ICE_FRAGMENT_TYPE = 'application/trickle-ice-sdpfrag';

/**
 * Reads the credentials in a trickle ICE fragment. It ignores candidates: the ingest learns the publisher's addresses
 * from its connectivity checks (peer-reflexive candidates).
 * @returns `undefined` if the text is not a valid fragment.
 * @see https://www.rfc-editor.org/rfc/rfc8840#section-9
 */
export function parseIceFragment(text: string): IceFragment | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  if (lines.length === 0 || !lines.every((line) => /^[a-z]=/.test(line))) return undefined;
  const value = (name: string) =>
    lines
      .find((line) => line.startsWith(`a=${name}:`))
      ?.slice(name.length + 3)
      .trim();
  const ufrag = value('ice-ufrag');
  const password = value('ice-pwd');
  // RFC 8839, 5.4: 4 to 256 ice-chars for ice-ufrag, 22 to 256 for ice-pwd.
  if (ufrag !== undefined && !/^[\w+/-]{4,256}$/.test(ufrag)) return undefined;
  if (password !== undefined && !/^[\w+/-]{22,256}$/.test(password)) return undefined;
  return { ufrag, password };
}

/** Writes the trickle ICE fragment that answers an ICE restart. */
export function renderIceFragment(answer: IceRestartAnswer): string {
  const lines = [
    `a=group:BUNDLE ${answer.media.map(({ mid }) => mid).join(' ')}`,
    `a=ice-ufrag:${answer.ufrag}`,
    `a=ice-pwd:${answer.password}`,
  ];
  answer.media.forEach(({ line, mid }, index) => {
    lines.push(line, `a=mid:${mid}`);
    // BUNDLE: all media use the transport of the first section.
    if (index > 0) return;
    for (const candidate of answer.candidates) lines.push(`a=candidate:${candidate}`);
    lines.push('a=end-of-candidates');
  });
  return `${lines.join('\r\n')}\r\n`;
}
