import { Problem } from '../http/problem.js';

const PLACE = '{stream}';
/** With a wildcard after the name, the stream `a` would also open the stream `ab`; with one before it, a folder `a` of others. */
const WIDENED = /^[^{]*[*?].*\{stream\}|\{stream\}[*?]/;

/**
 * Checks a template, such as `https://cdn.example.com/{stream}/*`. It must contain `{stream}`, because a token for one stream
 * must not open another, and no wildcard before it or next to it. A scheme may be `http*`, for http and https.
 *
 * @param option - name of the option in error messages.
 * @throws TypeError
 */
export function checkTemplate(template: string, option: string): string {
  if (!template.includes(PLACE))
    throw new TypeError(`The option ${option} must contain {stream}, so that a token opens one stream only.`);
  if (WIDENED.test(template.replace(/^http\*:/, 'http:'))) {
    throw new TypeError(
      `The option ${option} has a wildcard before {stream} or next to it. Write the name first, then a slash, as in "{stream}/*".`,
    );
  }
  return template;
}

/**
 * Checks the template of an address, with `http:` or `https:`. `{stream}` must be in its path or query, and the address must
 * have no fragment.
 *
 * @throws TypeError
 */
export function checkUrlTemplate(template: string, option: string): string {
  const isAddress = /^https?:\/\/[^/?#{}]+\/[^#]*$/.test(template) && URL.canParse(template);
  // The first question mark begins the query.
  if (isAddress) {
    checkTemplate(template.replace('?', '/'), option);
    return template;
  }
  throw new TypeError(
    `The option ${option} must be an address with a host and a path, such as https://cdn.example.com/{stream}/index.m3u8.`,
  );
}

/**
 * Writes the name of a stream into a template, percent-encoded, slashes included.
 *
 * @param refused - characters that mean more than themselves in the signed text. @defaultValue the wildcards `*` and `?`
 * @throws Problem `issuer-parameter-invalid` if the name has one of them.
 */
export function fillTemplate(template: string, stream: string, refused = /[*?]/): string {
  if (refused.test(stream)) {
    throw new Problem(
      'issuer-parameter-invalid',
      'The name of the stream has a character with a meaning of its own in the signed address.',
      { hint: 'Rename the stream. Letters, digits, hyphens, underscores and dots are safe with every CDN.' },
    );
  }
  return template.replaceAll(PLACE, () => encodeURIComponent(stream));
}

/** The path of an address as it is written, without its query. */
export function pathOf(address: string): string {
  return /^[a-z]+:\/\/[^/?#]*([^?#]*)/i.exec(address)?.[1] ?? '';
}

/** Adds fields to the end of the query of an address, as they are written. */
export function appendQuery(address: string, fields: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  return `${address}${address.includes('?') ? '&' : '?'}${pairs.join('&')}`;
}

/** The path of a template up to the name of the stream; `/` without a template. */
export function pathBeforeStream(template: string | undefined): string {
  return template === undefined ? '/' : (pathOf(template).split(PLACE, 1)[0] ?? '/');
}
