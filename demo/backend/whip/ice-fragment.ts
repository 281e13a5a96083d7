/** What a trickle ICE fragment says. */
export interface IceFragment {
  readonly ufrag: string | undefined;
  readonly password: string | undefined;
}

/** The server's half of an ICE restart. */
export interface IceRestartAnswer {
  readonly ufrag: string;
  readonly password: string;
  /** `m=` lines of the session with their `mid`, in order. */
  readonly media: readonly { readonly line: string; readonly mid: string }[];
  /** Values of `a=candidate:` lines. */
  readonly candidates: readonly string[];
}

export const ICE_FRAGMENT_TYPE = 'application/trickle-ice-sdpfrag';

/**
 * Reads the credentials of a fragment; `undefined` when it is not one.
 * Its candidates are not read: the ingest learns addresses from the publisher's checks alone.
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
  // RFC 8839 5.4: 4 to 256 and 22 to 256 characters of a closed set.
  if (ufrag !== undefined && !/^[\w+/-]{4,256}$/.test(ufrag)) return undefined;
  if (password !== undefined && !/^[\w+/-]{22,256}$/.test(password)) return undefined;
  return { ufrag, password };
}

/** Writes the fragment that answers an ICE restart. */
export function renderIceFragment(answer: IceRestartAnswer): string {
  const lines = [
    `a=group:BUNDLE ${answer.media.map(({ mid }) => mid).join(' ')}`,
    `a=ice-ufrag:${answer.ufrag}`,
    `a=ice-pwd:${answer.password}`,
  ];
  answer.media.forEach(({ line, mid }, index) => {
    lines.push(line, `a=mid:${mid}`);
    // All media share the first section's transport.
    if (index > 0) return;
    for (const candidate of answer.candidates) lines.push(`a=candidate:${candidate}`);
    lines.push('a=end-of-candidates');
  });
  return `${lines.join('\r\n')}\r\n`;
}
