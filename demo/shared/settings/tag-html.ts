import type { Attribute } from './tag-settings.js';

export interface TagHtmlOptions {
  readonly tag: string;
  readonly attributes: readonly Attribute[];
  /** Attributes of the `<source>` children. */
  readonly sources?: readonly (readonly Attribute[])[];
  /** Origin for relative URLs, which are made absolute, so that the HTML works on any site. */
  readonly origin: string;
}

/** Attributes with an address. */
export const addressFields: ReadonlySet<string> = new Set([
  'src',
  'token-url',
  'playlist-signer',
  'nanoplayer-src',
  'publisher-src',
  'endpoint',
  'poster',
]);

/** Writes the HTML of a tag with its script, for any page. Each attribute with a value has its own line. */
export function writeTagHtml({ tag, attributes, sources = [], origin }: TagHtmlOptions): string {
  const write = ([name, value]: Attribute): string =>
    value === ''
      ? name
      : `${name}="${escapeHtml(addressFields.has(name) ? toAbsolute(value, origin) : value)}"`;
  const flags = attributes.filter(([, value]) => value === '').map(write);
  const lines = [
    `<${tag}`,
    ...attributes.filter(([, value]) => value !== '').map((attribute) => `  ${write(attribute)}`),
    ...(flags.length > 0 ? [`  ${flags.join(' ')}`] : []),
  ];
  return [
    `<script type="module" src="${origin}/gatecast.js"></script>`,
    `${lines.join('\n')}>`,
    ...sources.map((source) => `  <source ${source.map(write).join(' ')}>`),
    `</${tag}>`,
  ].join('\n');
}

/** Keeps invalid URLs unchanged: the element reports the error. */
function toAbsolute(address: string, origin: string): string {
  // `URL` encodes the braces of a template such as /whip/{stream}.
  return URL.canParse(address, origin)
    ? new URL(address, origin).href.replace(/%7B(\w+)%7D/gi, '{$1}')
    : address;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
