import { START_SCRIPT } from './start-script.js';

/** Options of `startLine`. */
export interface StartLineOptions {
  /** Addresses of the modules that hls.js playback needs, relative to the page. At least one, without white space. */
  readonly parts: readonly string[];
  /** Nonce of the page's Content Security Policy, if that does not have the hash of the script. */
  readonly nonce?: string | undefined;
}

const attribute = (name: string, value: string): string =>
  ` ${name}="${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;

/**
 * The line that starts the players of a page, for the place after the last tag.
 *
 * @throws TypeError if there are no parts, or an address has white space.
 */
export function startLine({ parts, nonce }: StartLineOptions): string {
  if (parts.length === 0 || parts.some((part) => !/^\S+$/.test(part)))
    throw new TypeError('parts must be addresses without white space, at least one.');
  const attributes = attribute('data-parts', parts.join(' ')) + (nonce ? attribute('nonce', nonce) : '');
  return `<script${attributes}>${START_SCRIPT}</script>`;
}
