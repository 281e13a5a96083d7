/** A start tag with its attributes. Names are in lower case. */
export interface HtmlTag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** Elements whose text is not markup. */
const RAW = /^(?:script|style|textarea|title|xmp|iframe|noembed|noframes)$/;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * The start and end tags of a page, in their order. Comments and the text of scripts and styles are skipped. Reads the text once:
 * each step goes on from where the last one ended.
 *
 * @see HTML standard, section 13.2.5 (tokenization), of which this reads what tags with addresses need
 */
export function* readTags(html: string): Generator<HtmlTag> {
  // Only ASCII letters: the lower case of others may be longer, and the places of both texts would differ.
  const lower = html.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  let at = 0;
  for (;;) {
    at = html.indexOf('<', at);
    if (at < 0) return;
    if (html.startsWith('<!--', at)) {
      const end = html.indexOf('-->', at + 4);
      if (end < 0) return;
      at = end + 3;
      continue;
    }
    const name = readName(lower, at + 1);
    if (name === '') {
      at += 1;
      continue;
    }
    const { attributes, end } = readAttributes(html, at + 1 + name.length);
    yield { name, attributes };
    at = end;
    if (!RAW.test(name)) continue;
    const close = lower.indexOf(`</${name}`, at);
    if (close < 0) return;
    at = close;
  }
}

function readName(lower: string, at: number): string {
  const pattern = /\/?[a-z][^\s/>]{0,80}/y;
  pattern.lastIndex = at;
  return pattern.exec(lower)?.[0] ?? '';
}

function readAttributes(html: string, from: number) {
  const attributes = new Map<string, string>();
  const pattern = /[\s/]*([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/y;
  pattern.lastIndex = from;
  let end = from;
  for (let match = pattern.exec(html); match; match = pattern.exec(html)) {
    const [, name = '', double, single, bare] = match;
    end = pattern.lastIndex;
    const key = name.toLowerCase();
    // The first of two counts.
    if (!attributes.has(key)) attributes.set(key, decodeEntities(double ?? single ?? bare ?? ''));
  }
  const close = html.indexOf('>', end);
  return { attributes, end: close < 0 ? html.length : close + 1 };
}

/** The entities that addresses are written with. */
function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, ...found) => {
    const [decimal, hex, name] = found as (string | undefined)[];
    if (name !== undefined) return entities[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
    // Half of a surrogate pair cannot be part of an address (HTML standard, section 13.2.5.80).
    if (code >= 0xd800 && code <= 0xdfff) return '\uFFFD';
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
