import type { Attribute } from './tag-settings.js';

export interface TagHtmlOptions {
  readonly tag: string;
  readonly attributes: readonly Attribute[];
  /** Attributes of the `<source>` children. */
  readonly sources?: readonly (readonly Attribute[])[];
  /** Where addresses of this site are to lead on a page elsewhere. */
  readonly origin: string;
}

const addresses: ReadonlySet<string> = new Set([
  'src',
  'token-url',
  'playlist-signer',
  'nanoplayer-src',
  'publisher-src',
  'endpoint',
  'poster',
]);

/** The HTML of a tag with its script, for any page. */
export function writeTagHtml({ tag, attributes, sources = [], origin }: TagHtmlOptions): string {
  const write = (list: readonly Attribute[]): string =>
    list
      .map(([name, value]) => {
        if (value === '') return name;
        return `${name}="${escapeHtml(addresses.has(name) ? toAbsolute(value, origin) : value)}"`;
      })
      .join(' ');
  return [
    `<script type="module" src="${origin}/gatecast.js"></script>`,
    `<${tag} ${write(attributes)}>`,
    ...sources.map((source) => `  <source ${write(source)}>`),
    `</${tag}>`,
  ].join('\n');
}

/** Keeps invalid addresses as they are: the element reports what is wrong with them. */
function toAbsolute(address: string, origin: string): string {
  // An URL would encode the braces of a template such as /whip/{stream}.
  return URL.canParse(address, origin)
    ? new URL(address, origin).href.replace(/%7B(\w+)%7D/gi, '{$1}')
    : address;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
