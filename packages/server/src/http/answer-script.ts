import type { TokenResponse } from '@gatecast/contract';
import { requireKnownOptions } from './require-known-options.js';

/** Options of `answerScript`. */
export interface AnswerScriptOptions {
  /** `token-url` of the tags, relative to the page. */
  readonly tokenUrl: string;
  /** `token-credentials` of the tags. @defaultValue `same-origin` */
  readonly credentials?: 'omit' | 'same-origin' | 'include';
  /** Headers of the page, which must have `Cache-Control: no-store`. */
  readonly headers: Headers | Readonly<Record<string, string>>;
}

/** What ends a script element, opens a comment in it, or is a line end in scripts only. */
const UNSAFE = /[<>&\u2028\u2029]/g;

const escapeJson = (text: string): string =>
  text.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const escapeAttribute = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('\n', '&#10;');

/**
 * HTML that puts the token response for a viewer into the page, so that its players send no token request until they
 * renew. It runs no script, so a Content Security Policy needs nothing for it. The player takes it out of the document.
 *
 * The page then is for this viewer alone: a cache that kept it would give the tokens to others.
 *
 * @param answer - response of the token endpoint with every stream of the page.
 * @throws TypeError if the headers of the page do not have `Cache-Control: no-store`, or the response has no tokens.
 */
export function answerScript(answer: TokenResponse, options: AnswerScriptOptions): string {
  requireKnownOptions('answerScript', options, optionNames);
  const { tokenUrl, credentials = 'same-origin' } = options;
  const cacheControl = new Headers(options.headers).get('Cache-Control') ?? '';
  if (!/(?:^|,)\s*no-store\s*(?:,|$)/i.test(cacheControl))
    throw new TypeError(
      'A page with tokens needs the header "Cache-Control: no-store": caches would give them to other viewers.',
    );
  const streams = new Set(answer.tokens.map(({ stream }) => stream));
  if (streams.size === 0) throw new TypeError('The token response has no tokens.');
  const name = [credentials, tokenUrl, ...streams].join('\n');
  return `<script type="application/json" data-gatecast="${escapeAttribute(name)}">${escapeJson(JSON.stringify(answer))}</script>`;
}

const optionNames: Readonly<Record<keyof AnswerScriptOptions, true>> = {
  tokenUrl: true,
  credentials: true,
  headers: true,
};
