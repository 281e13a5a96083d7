import { Problem } from '../http/problem.js';

/** Which addresses a handler may fetch from, and show tokens to. */
export interface UpstreamAllowList {
  has(url: URL): boolean;
  /** @throws Problem `upstream-not-allowed` */
  parse(text: string, base?: URL): URL;
}

/**
 * Separators and dots, encoded once or more, and dots with parameters: a server that decodes or drops them sees another
 * path than the one that was checked.
 */
const HIDDEN_SEPARATOR = /%(?:25)*(?:2f|5c|00)|%(?:25)+2e|\\|\/\.{1,2};/i;

/**
 * A list of origins (`https://cdn.example.com`) or folders (`https://cdn.example.com/live/`).
 *
 * @throws TypeError when it is empty or holds anything but http(s) addresses without user, query and fragment.
 */
export function createUpstreamAllowList(upstreams: readonly string[]): UpstreamAllowList {
  if (upstreams.length === 0)
    throw new TypeError('upstreams is empty: list the origins that playlists may come from.');
  const folders = upstreams.map(readFolder);

  function has(url: URL): boolean {
    if (url.username !== '' || url.password !== '' || HIDDEN_SEPARATOR.test(url.pathname)) return false;
    return folders.some((folder) => url.origin === folder.origin && url.pathname.startsWith(folder.pathname));
  }

  return {
    has,
    parse(text, base) {
      const url = URL.canParse(text, base) ? new URL(text, base) : null;
      if (url && has(url)) return url;
      throw new Problem('upstream-not-allowed', 'This address is not on the list of upstreams.', {
        hint: 'Give an absolute URL whose origin the server lists in "upstreams".',
      });
    },
  };
}

function readFolder(upstream: string): URL {
  const url = URL.canParse(upstream) ? new URL(upstream) : null;
  const isPlain =
    url && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '' && url.hash === '';
  if (!isPlain)
    throw new TypeError(
      `upstreams lists http(s) origins or folders without user and query; "${withoutSecrets(upstream)}" is none.`,
    );
  // Without the final slash /live would also let /live-internal through.
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** Neither the query, which may be signed, nor user and password. */
function withoutSecrets(upstream: string): string {
  return upstream.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//');
}
