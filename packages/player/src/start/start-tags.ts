import { connect } from './connect.js';
import { startTokens } from './start-tokens.js';
import { takeAnswers } from './take-answers.js';
import { streamNameOf } from '@gatecast/contract';

/** Properties that decide what the element requests when a script sets them: `src`, `source`, `stream`, `token`, `dpop`, … */
const DECIDING = /\b(?:src|sour|str|tok|dpop|pre|loa)/;

/**
 * Starts what the players in the document need before the code of the element is there: the connection to the media
 * origin and the token request. The element takes the request over. One that is defined already starts itself.
 *
 * No token is requested for a tag with `preload="none"`, `dpop` or another engine, or for one that a script has given
 * its source or token; and none while the page is prerendered or in the background.
 *
 * @returns Is there a tag that hls.js will play?
 */
export function startTags(): boolean {
  takeAnswers();
  let isWanted = false;
  const endpoints: Record<string, [url: string, credentials: RequestCredentials, streams: Set<string>]> = {};
  for (const tag of document.querySelectorAll('secure-player:not(:defined)')) {
    const read = (name: string, from = tag): string => from.getAttribute(name) ?? '';
    const absolute = (url: string): string => new URL(url, document.baseURI).href;
    if (
      (read('preload') === 'none' && !tag.hasAttribute('autoplay')) ||
      read('loading') === 'lazy' ||
      !/^(?:auto|hls)?$/.test(read('engine')) ||
      DECIDING.test(Object.keys(tag).join())
    )
      continue;
    const placement = read('token-placement');
    const children = [...tag.querySelectorAll(':scope>source:is([src],[data-whep])')];
    const sources = children.length > 0 || !read('src') ? children : [tag];
    isWanted ||= sources.length === 0 || sources.some((source) => read('src', source));
    const tokenUrl = read('token-url');
    try {
      const streams = sources.map((source) => {
        const addresses = ['src', 'data-whep'].map((name) => read(name, source)).filter(Boolean);
        const urls = addresses.map(absolute);
        const withCredentials = placement === 'cookie' || read('crossorigin') === 'use-credentials';
        for (const url of urls) connect(url, withCredentials);
        return read(source === tag ? 'stream' : 'data-stream', source) || streamNameOf(urls[0] ?? '');
      });
      if (!tokenUrl || placement === 'none' || tag.hasAttribute('dpop') || streams.length === 0) continue;
      const credentials = (read('token-credentials') || 'same-origin') as RequestCredentials;
      const url = absolute(tokenUrl);
      const endpoint = (endpoints[credentials + url] ??= [url, credentials, new Set()]);
      for (const stream of streams) endpoint[2].add(stream);
    } catch {
      // The element reports an address that is not a URL.
    }
  }
  if (!document.hidden) for (const endpoint of Object.values(endpoints)) startTokens(...endpoint);
  return isWanted;
}
