import { START_SCRIPT_HASH, startLine } from '@gatecast/contract';
import { requireOrigin } from './require-origin.js';
import { requireKnownOptions } from './require-known-options.js';

/** Options of `startHead`. */
export interface StartHeadOptions {
  /**
   * Addresses of the modules that hls.js playback needs, relative to the page and without white space: `chunks` of
   * `start.json` beside gatecast.js with their folder, or those of a bundler. At least one.
   */
  readonly parts: readonly string[];
  /** Origins of the media, such as `https://media.example.com`. @defaultValue none */
  readonly mediaOrigins?: readonly string[];
  /** Do the requests for media carry cookies? @defaultValue false */
  readonly withCredentials?: boolean;
  /** Nonce of the page's Content Security Policy, if that does not have `hash`. */
  readonly nonce?: string;
}

/** What a server puts into a page and its headers, so that players start before their code is there. */
export interface StartHead {
  /** HTML for the `<head>`: the browser connects and loads modules. It sends no token request. */
  readonly head: string;
  /** HTML for the place after the last tag: an inline script that also sends the token requests of the tags. */
  readonly line: string;
  /** Source expression of the script in `line` for `script-src`, without quotes. */
  readonly hash: string;
  /** The header `Link` (RFC 8288) of the page. The same as `head`. */
  readonly link: string;
  /**
   * The values in `link`, one for each address, for `103 Early Hints` (RFC 8297): `response.writeEarlyHints({ link: links })`.
   * Node refuses a text with more than one.
   */
  readonly links: readonly string[];
}

const escapeAttribute = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

/**
 * The lines that let players start before their code is there.
 *
 * @example
 * ```ts
 * const { head, line, links } = startHead({ parts, mediaOrigins: ['https://media.example.com'] });
 * response.writeEarlyHints({ link: [...links] });
 * ```
 *
 * @throws TypeError if there are no parts, an address has white space or `>`, or an origin is not one.
 */
export function startHead(options: StartHeadOptions): StartHead {
  requireKnownOptions('startHead', options, optionNames);
  const { parts, mediaOrigins = [], withCredentials = false, nonce } = options;
  const line = startLine({ parts, nonce });
  if (parts.some((part) => part.includes('>')))
    throw new TypeError('parts must be addresses, without ">": encode it as %3E.');
  for (const origin of mediaOrigins) requireOrigin(origin, 'mediaOrigins');
  const crossOrigin = withCredentials ? 'use-credentials' : 'anonymous';
  const hints = [
    ...mediaOrigins.map((href) => ({ href, rel: 'preconnect', crossorigin: crossOrigin })),
    ...parts.map((href) => ({
      href,
      rel: 'modulepreload',
      crossorigin: 'anonymous',
      fetchpriority: 'high',
    })),
  ];
  const tags = hints.map(
    (hint) =>
      `<link ${Object.entries(hint)
        .map(([name, value]) => `${name}="${escapeAttribute(value)}"`)
        .join(' ')}>`,
  );
  const links = hints.map(({ href, ...parameters }) =>
    [`<${href}>`, ...Object.entries(parameters).map(([name, value]) => `${name}=${value}`)].join('; '),
  );
  return { head: tags.join('\n'), line, hash: START_SCRIPT_HASH, link: links.join(', '), links };
}

const optionNames: Readonly<Record<keyof StartHeadOptions, true>> = {
  parts: true,
  mediaOrigins: true,
  withCredentials: true,
  nonce: true,
};
