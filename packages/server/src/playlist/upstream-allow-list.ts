import { Problem } from '../http/problem.js';
import { withoutSecrets } from '../http/require-origin.js';
import { hidesSegments } from './hidden-path.js';

/** URLs that a handler may fetch, and to which it may send tokens. */
export interface UpstreamAllowList {
  has(url: URL): boolean;
  /** @throws Problem `upstream-not-allowed` */
  parse(text: string, base?: URL): URL;
}

/**
 * Creates the list from origins (`https://cdn.example.com`) and folders (`https://cdn.example.com/live/`).
 *
 * @throws TypeError if the list is empty, or an entry is not an http(s) URL without user, query, fragment and wildcard.
 */
export function createUpstreamAllowList(upstreams: readonly string[]): UpstreamAllowList {
  if (upstreams.length === 0)
    throw new TypeError(
      'The option upstreams is empty. List the origins from which playlists may be fetched.',
    );
  const folders = upstreams.map(readFolder);

  function has(url: URL): boolean {
    if (url.username !== '' || url.password !== '' || hidesSegments(url.pathname)) return false;
    return folders.some((folder) => url.origin === folder.origin && url.pathname.startsWith(folder.pathname));
  }

  return {
    has,
    parse(text, base) {
      // The URL parser removes tabs and line ends, and reads a backslash as a slash. Other parsers do not.
      const isPlain = !/[\p{Cc}\\]/u.test(text) && URL.canParse(text, base);
      const url = isPlain ? new URL(text, base) : null;
      if (url && has(url)) return url;
      throw new Problem('upstream-not-allowed', 'The URL is not in the list of upstreams.', {
        hint: 'Use an absolute URL whose origin the server lists in "upstreams".',
      });
    },
  };
}

/** Is it an origin or folder that {@link createUpstreamAllowList} accepts? */
export function isUpstream(upstream: string): boolean {
  const url = URL.canParse(upstream) ? new URL(upstream) : null;
  return (
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.username === '' &&
    url.search === '' &&
    url.hash === '' &&
    !url.hostname.includes('*')
  );
}

function readFolder(upstream: string): URL {
  if (!isUpstream(upstream))
    throw new TypeError(
      `upstreams contains "${withoutSecrets(upstream)}", which is not an http(s) origin or folder without user, query and wildcard.`,
    );
  const url = new URL(upstream);
  // Without the final slash, /live would also match /live-internal.
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}
