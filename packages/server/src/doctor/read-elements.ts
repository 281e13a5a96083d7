import { streamNameOf } from '@gatecast/contract';
import { readTags, type HtmlTag } from './read-tags.js';
import { streamOfEndpoint, type StreamTarget } from './stream-target.js';

/** A `<secure-player>` or `<secure-webcaster>` of a page. Without targets if the markup says too little. */
export interface PageElement {
  readonly kind: 'player' | 'webcaster';
  readonly targets: readonly StreamTarget[];
  /** What of the tag cannot be followed, and what to do instead. */
  readonly problem: { readonly what: string; readonly change: string } | null;
}

type Attributes = HtmlTag['attributes'];

/** The most tags of each kind that are read. */
const MOST_TAGS = 4;
const MOST_ENTRIES = 8;

/**
 * Reads players and webcasters in the markup of a page, in their order. What scripts add is not there.
 *
 * @param stream - name of the stream instead of those of the tags.
 */
export function readElements(html: string, pageUrl: string, stream?: string): PageElement[] {
  const found: { name: string; attributes: Attributes; sources: Attributes[] }[] = [];
  let player: { sources: Attributes[] } | null = null;
  const counts = { player: 0, webcaster: 0 };
  let base = pageUrl;
  for (const { name, attributes } of readTags(html)) {
    const href = attributes.get('href');
    if (name === 'base' && href !== undefined && URL.canParse(href, pageUrl))
      base = new URL(href, pageUrl).href;
    if (name === 'secure-player' || name === 'secure-webcaster') {
      const element = { name, attributes, sources: [] };
      counts[kindOf(name)] += 1;
      if (counts[kindOf(name)] <= MOST_TAGS) found.push(element);
      if (name === 'secure-player') player = element;
    } else if (name === '/secure-player') player = null;
    else if (name === 'source') player?.sources.push(attributes);
  }
  const elements = found.map(({ name, attributes, sources }) =>
    attributes.has('dpop')
      ? withDpop(name)
      : name === 'secure-player'
        ? playerOf(attributes, sources, base, stream)
        : webcasterOf(attributes, base, stream),
  );
  for (const kind of ['player', 'webcaster'] as const)
    if (counts[kind] > MOST_TAGS)
      elements.push({ kind, targets: [], problem: tooMany('page', counts[kind], kind, MOST_TAGS) });
  return elements;
}

function kindOf(name: string): PageElement['kind'] {
  return name === 'secure-player' ? 'player' : 'webcaster';
}

function tooMany(where: string, count: number, what: string, most: number): PageElement['problem'] {
  return {
    what: `The ${where} has ${String(count)} ${what}s: the doctor reads the first ${String(most)}.`,
    change: 'Give the address of each other stream, with --token-url and --page-origin.',
  };
}

/** Its token is bound to a key of the browser, and each request needs a proof. */
function withDpop(name: string): PageElement {
  const kind = kindOf(name);
  return {
    kind,
    targets: [],
    problem: {
      what: `The ${kind} uses dpop, which the doctor does not check.`,
      change: 'Look at its requests in the browser, or check the stream without dpop.',
    },
  };
}

function playerOf(tag: Attributes, sources: readonly Attributes[], base: string, own?: string): PageElement {
  const change = 'Give the address of the stream instead, with --token-url and --page-origin.';
  const without = (what: string): PageElement => ({ kind: 'player', targets: [], problem: { what, change } });
  const entries = sources.filter((each) => [each.get('src'), each.get('data-whep')].some(Boolean));
  const all = entries.length > 0 || !tag.get('src') ? entries : [tag];
  const given = all.slice(0, MOST_ENTRIES);
  if (given.length === 0)
    return without(
      tag.get('token-url')
        ? 'The tag has no src. A script sets it, or the token response names a signed address.'
        : 'The tag has neither src nor token-url. A script sets them.',
    );
  const ways = given.flatMap((each) => waysOf(each, tag));
  if (ways.length === 0) return without('The engine of the tag plays no source of it.');
  const addresses = [...given.map((each) => each.get('src') ?? ''), ...ways.map(({ address }) => address)];
  if (![...addresses, tag.get('token-url') ?? ''].every(isAddress(base)))
    return without('An address of the tag (src, data-whep or token-url) is not an http(s) URL.');
  const targets = ways.map(({ address, isWhep, entry }): StreamTarget => {
    const src = new URL(address.trim(), base).href;
    const named = entry === tag ? tag.get('stream') : entry.get('data-stream');
    return {
      src,
      // Both addresses of an entry are of one stream, which that in src names.
      stream:
        own ??
        named ??
        streamNameOf(new URL([entry.get('src'), address].find(Boolean)?.trim() ?? '', base).href),
      purpose: 'playback',
      ...(isWhep && { isWhep }),
      ...tokenSettings(tag, base, isWhep ? 'header' : 'query:token'),
    };
  });
  const isCut = all.length > MOST_ENTRIES;
  const problem = isCut ? tooMany('player', all.length, 'source', MOST_ENTRIES) : null;
  return { kind: 'player', targets, problem };
}

interface Way {
  readonly address: string;
  readonly isWhep: boolean;
  /** The tag that has the address. */
  readonly entry: Attributes;
}

/** The addresses of an entry that the engines of a player may load, in their order. */
function waysOf(entry: Attributes, player: Attributes): Way[] {
  const engine = player.get('engine') ?? '';
  const src = entry.get('src') ?? '';
  const whep = entry === player ? '' : (entry.get('data-whep') ?? '');
  if (engine === 'whep') return [{ address: whep || src, isWhep: true, entry }];
  const playlist = src ? [{ address: src, isWhep: false, entry }] : [];
  return whep && (engine === '' || engine === 'auto')
    ? [{ address: whep, isWhep: true, entry }, ...playlist]
    : playlist;
}

function webcasterOf(tag: Attributes, base: string, own?: string): PageElement {
  const change = 'Give the address of the WHIP endpoint instead, with --token-url and --page-origin.';
  const without = (what: string): PageElement => ({
    kind: 'webcaster',
    targets: [],
    problem: { what, change },
  });
  const publisher = tag.get('publisher') ?? 'whip';
  if (publisher !== 'whip')
    return {
      kind: 'webcaster',
      targets: [],
      problem: {
        what: 'The webcaster has another publisher than WHIP. The doctor does not check its server.',
        change: 'Check it with a broadcast from the page.',
      },
    };
  const endpoint = (tag.get('endpoint') ?? '').trim();
  if (endpoint === '') return without('The webcaster has no endpoint. A script sets it.');
  const noAddress = without('An address of the webcaster (endpoint or token-url) is not an http(s) URL.');
  const named = own ?? tag.get('stream') ?? '';
  // The name of the stream may be anywhere in the address, also where none is possible.
  if (named === '' && !isAddress(base)(endpoint)) return noAddress;
  const stream = named === '' ? streamOfEndpoint(new URL(endpoint, base).href) : named;
  if (stream === '' || stream === '{stream}')
    return without('The webcaster has no stream, and its endpoint names none. A script sets it.');
  // Half of a surrogate pair has no place in an address.
  if (endpoint.includes('{stream}') && /\p{Surrogate}/u.test(stream)) return noAddress;
  const address = endpoint.replaceAll('{stream}', () => encodeURIComponent(stream));
  if (![address, tag.get('token-url') ?? ''].every(isAddress(base))) return noAddress;
  const src = new URL(address, base).href;
  return {
    kind: 'webcaster',
    targets: [{ src, stream, purpose: 'ingest', ...tokenSettings(tag, base, 'header') }],
    problem: null,
  };
}

function isAddress(base: string): (text: string) => boolean {
  return (text) => URL.canParse(text.trim(), base) && /^https?:$/.test(new URL(text.trim(), base).protocol);
}

function tokenSettings(tag: Attributes, base: string, placement: string) {
  const tokenUrl = tag.get('token-url');
  const credentials = tag.get('token-credentials');
  return {
    tokenUrl: tokenUrl ? new URL(tokenUrl.trim(), base).href : null,
    placement: tag.get('token-placement') ?? placement,
    tokenOrigins: (tag.get('token-origins') ?? '').split(/\s+/).filter(Boolean),
    credentials: credentials === 'include' || credentials === 'omit' ? credentials : 'same-origin',
  } as const;
}
