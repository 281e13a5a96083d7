import { Problem } from '../http/problem.js';
import { withDeliveryDirectives } from './delivery-directives.js';
import type { PlaylistCookie, PlaylistGrant } from './playlist-cookie.js';
import { createPlaylistLinks } from './playlist-link.js';
import { namesStream, streamOfFile } from './stream-of-url.js';
import type { UpstreamAllowList } from './upstream-allow-list.js';

/** What a request to the signer asks for. */
export interface SignerTarget {
  /** `playlist`: the rewritten playlist. `media`: a redirect to a segment, key or other file with a token. */
  readonly kind: 'playlist' | 'media';
  readonly url: URL;
  readonly grant: PlaylistGrant;
}

export interface SignerLinksOptions {
  readonly allowList: UpstreamAllowList;
  readonly cookie: PlaylistCookie;
  readonly streamOf: ((url: URL, requested: string | null) => string) | undefined;
}

/** Reads the URLs of the signer, and writes those that lead back to it. */
export interface SignerLinks {
  /**
   * @param grants - of the playlist cookie.
   * @throws Problem `upstream-not-allowed`, `request-invalid`, `forbidden`
   */
  read(query: URLSearchParams, grants: readonly PlaylistGrant[]): Promise<SignerTarget>;
  /** @param path - of the signer. */
  toPlaylist(path: string, url: URL, stream: string): string | Promise<string>;
  toMedia(path: string, url: URL, stream: string): string;
}

export function createSignerLinks({ allowList, cookie, streamOf }: SignerLinksOptions): SignerLinks {
  const proofs = createPlaylistLinks(cookie.keys);

  async function streamFor(url: URL, query: URLSearchParams): Promise<string> {
    const requested = query.get('stream');
    if (streamOf) return streamOf(url, requested);
    if (requested === null) return streamOfFile(url);
    if (namesStream(url, requested)) return requested;
    const proof = query.get('proof');
    if (proof !== null && (await proofs.isProven(proof, url, requested))) return requested;
    throw new Problem('forbidden', 'The playlist does not belong to the stream.', {
      hint: 'Use a URL whose path contains the name of the stream, or set the option streamOf of the playlist signer.',
    });
  }

  const link = (path: string, url: URL, stream: string) =>
    `${path}?url=${encodeURIComponent(url.href)}&stream=${encodeURIComponent(stream)}`;

  return {
    async read(query, grants) {
      const url = allowList.parse(query.get('url') ?? '');
      const kind = query.get('kind') === 'media' ? 'media' : 'playlist';
      // The client already has a token for a stream of its cookie, and could add it to any URL itself.
      const stream = kind === 'media' ? query.get('stream') : await streamFor(url, query);
      const grant = grants.find((each) => each.stream === stream);
      if (!grant) {
        throw new Problem('forbidden', 'The playlist cookie does not allow the stream.', {
          hint: 'Request a token for this stream with credentials first.',
        });
      }
      return { kind, url: kind === 'media' ? url : withDeliveryDirectives(url, query), grant };
    },
    toPlaylist(path, url, stream) {
      const plain = link(path, url, stream);
      if (streamOf || namesStream(url, stream)) return plain;
      return proofs.prove(url, stream).then((proof) => `${plain}&proof=${proof}`);
    },
    toMedia: (path, url, stream) => `${link(path, url, stream)}&kind=media`,
  };
}
