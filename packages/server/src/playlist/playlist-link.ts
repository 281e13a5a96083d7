import { base64url, jwtVerify } from 'jose';
import type { KeySet } from '../key/key-set.js';
import { localKeyResolver } from '../key/local-key-resolver.js';
import { signClaims } from '../key/sign-claims.js';

/** Signs and checks links to playlists whose URL does not show the stream that they belong to. */
export interface PlaylistLinks {
  /** A proof that a playlist of `stream` named `url`. The same for equal arguments, so that the link stays the same. */
  prove(url: URL, stream: string): Promise<string>;
  isProven(proof: string, url: URL, stream: string): Promise<boolean>;
}

/** A signature costs about a millisecond with RS256. */
const MAX_KEPT = 5000;
const AUDIENCE = 'playlist-link';
/** A separate type: no other JWT of these keys is accepted as a proof, or a proof as a token (RFC 8725 section 3.11). */
const TYP = 'gatecast-playlist-link+jwt';

/**
 * Creates the proofs: JWTs over a hash of URL and stream. They authorize nothing by themselves, because the signer also
 * needs a cookie for the stream. They have no expiry, because players read a multivariant playlist once and reload the
 * playlists that it names for as long as they play.
 */
export function createPlaylistLinks(keys: KeySet): PlaylistLinks {
  const findKey = localKeyResolver(keys);
  const known = new Map<string, Promise<string>>();

  async function sign(content: string): Promise<string> {
    try {
      return await signClaims(keys, { aud: AUDIENCE, hash: await hashOf(content) }, TYP);
    } catch (error) {
      known.delete(content);
      throw error;
    }
  }

  return {
    async prove(url, stream) {
      const content = contentOf(url, stream);
      const proof = known.get(content) ?? sign(content);
      // The newest is last, and the oldest is removed first.
      known.delete(content);
      known.set(content, proof);
      const [oldest] = known.keys();
      if (known.size > MAX_KEPT && oldest !== undefined) known.delete(oldest);
      return proof;
    },

    async isProven(proof, url, stream) {
      const content = contentOf(url, stream);
      if ((await known.get(content)) === proof) return true;
      const options = { algorithms: ['RS256', 'ES256', 'EdDSA'], audience: AUDIENCE, typ: TYP };
      const verified = await jwtVerify(proof, findKey, options).catch(() => null);
      return verified?.payload['hash'] === (await hashOf(content));
    },
  };
}

function contentOf(url: URL, stream: string): string {
  return JSON.stringify([stream, url.href]);
}

async function hashOf(content: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(content));
  return base64url.encode(new Uint8Array(digest));
}
