/**
 * Kinds of tokens. `playback` is for media, `ingest` for publishing, `session` authenticates a player to the playlist
 * signer. A verifier accepts one kind only.
 */
export type TokenKind = 'playback' | 'ingest' | 'session';

/**
 * The explicit header `typ` of each kind (RFC 8725 section 3.11).
 *
 * @see https://www.rfc-editor.org/rfc/rfc8725#section-3.11
 */
export const tokenTypes = {
  playback: 'gatecast-playback+jwt',
  ingest: 'gatecast-ingest+jwt',
  session: 'gatecast-playlists+jwt',
} as const satisfies Record<TokenKind, string>;

/** The `aud` of each kind by default. Tokens with the general type `JWT` are told apart by it. */
export const kindAudiences = {
  playback: 'v',
  ingest: 'ingest',
  session: 'playlist-signer',
} as const satisfies Record<TokenKind, string>;

const GENERAL_TYPE = mediaType('JWT');

const kinds: readonly TokenKind[] = ['playback', 'ingest', 'session'];

/** The kind whose default audience this is, else `playback`. */
export function kindOfAudience(audience: string): TokenKind {
  return kinds.find((kind) => kindAudiences[kind] === audience) ?? 'playback';
}

export interface KindCheck {
  readonly kind: TokenKind;
  /** Audience that the verifier requires. */
  readonly audience: string;
  /** The only accepted types, if set. */
  readonly types: readonly string[] | undefined;
}

/**
 * Is a token of this type and audience of the kind that the verifier accepts?
 *
 * A type of another kind is always refused. With the general type `JWT` the audience decides, so a token that also names
 * the audience of another kind is refused: it would be accepted in two places.
 */
export function isOfKind(typ: unknown, aud: unknown, { kind, audience, types }: KindCheck): boolean {
  if (typeof typ !== 'string') return false;
  const type = mediaType(typ);
  if (kinds.some((other) => other !== kind && mediaType(tokenTypes[other]) === type)) {
    return types?.some((accepted) => mediaType(accepted) === type) ?? false;
  }
  const accepted = types ?? ['JWT', tokenTypes[kind]];
  if (!accepted.some((each) => mediaType(each) === type)) return false;
  if (type !== GENERAL_TYPE) return true;
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return !kinds.some(
    (other) => other !== kind && kindAudiences[other] !== audience && named.includes(kindAudiences[other]),
  );
}

/** Is this the explicit type of a stream or session token? */
export function isStreamTokenType(typ: unknown): boolean {
  return typeof typ === 'string' && kinds.some((kind) => mediaType(tokenTypes[kind]) === mediaType(typ));
}

/** Media types are compared without case, and `application/` may be left out (RFC 7515 section 4.1.9). */
function mediaType(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '');
}
