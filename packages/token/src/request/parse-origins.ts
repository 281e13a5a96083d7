import { GatecastError } from '../errors.js';

/** Scheme, host and port. A wildcard is a valid host for the URL parser, which also reads a backslash as a slash. */
const ORIGIN = /^https?:\/\/[^\s/?#@\\*,;]+\/?$/i;

/**
 * Reads the attribute `token-origins`: origins such as `https://cdn.example.com`, with white space between them.
 *
 * @returns the origins as browsers write them: lower case, without a default port, an international name in Punycode.
 * @throws GatecastError `option-invalid` for an item that is not an origin. A relative address would mean the page's own.
 */
export function parseOrigins(text: string): string[] {
  return (text.match(/\S+/g) ?? []).map((item) => {
    if (ORIGIN.test(item) && URL.canParse(item)) return new URL(item).origin;
    throw new GatecastError(
      'option-invalid',
      `token-origins contains "${withoutQuery(item)}", which is not an origin.`,
      {
        hint: 'Write scheme and host, and spaces between: token-origins="https://cdn.example.com https://b.example".',
      },
    );
  });
}

/** The item for a message: without what may be a secret. */
function withoutQuery(item: string): string {
  return item.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//');
}
