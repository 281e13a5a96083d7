import { resolveUri } from '../peek-playlist.js';
import type { Rendition } from './match-renditions.js';

/** A pathway that a steering manifest makes of another one. */
export interface PathwayClone {
  readonly id: string;
  readonly baseId: string;
  readonly host: string;
  /** Query fields, in the order in which hls.js sets them. */
  readonly params: readonly (readonly [name: string, value: string])[];
  /** Addresses by stable identifier, of variants and of renditions. */
  readonly addresses: Readonly<Record<'STREAM-INF' | 'MEDIA', ReadonlyMap<string, string>>>;
}

/** More than a stream has CDNs. */
const MAX_CLONES = 16;
const MAX_FIELDS = 64;

/**
 * Reads the clones of a steering manifest. What has another form is left out.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-pantos-hls-rfc8216bis#section-7.2
 */
export function readClones(manifest: unknown): PathwayClone[] {
  const list = recordOf(manifest)['PATHWAY-CLONES'];
  if (!Array.isArray(list)) return [];
  return list.slice(0, MAX_CLONES).flatMap((item: unknown) => {
    const { ID: id, 'BASE-ID': baseId, 'URI-REPLACEMENT': given } = recordOf(item);
    if (typeof id !== 'string' || typeof baseId !== 'string') return [];
    const replacement = recordOf(given);
    return {
      id,
      baseId,
      host: typeof replacement['HOST'] === 'string' ? replacement['HOST'] : '',
      params: textsOf(replacement['PARAMS']).sort(([a], [b]) => (a < b ? -1 : 1)),
      addresses: {
        'STREAM-INF': new Map(textsOf(replacement['PER-VARIANT-URIS'])),
        MEDIA: new Map(textsOf(replacement['PER-RENDITION-URIS'])),
      },
    };
  });
}

/** Does a clone have its own form of a variant or rendition? Renditions of a multivariant playlist name no pathway. */
export function isCloned({ tag, attributes }: Rendition, baseId: string, isOfClone: boolean): boolean {
  const pathway = attributes.get('PATHWAY-ID');
  if (tag === 'STREAM-INF') return (pathway ?? '.') === baseId;
  return tag === 'MEDIA' && (pathway === undefined ? !isOfClone : pathway === baseId);
}

/** The same variant or rendition as a clone has it. */
export function cloneOf(rendition: Rendition, { id, host, params, addresses }: PathwayClone): Rendition {
  const { tag, attributes } = rendition;
  const stableId = attributes.get('STABLE-VARIANT-ID') ?? attributes.get('STABLE-RENDITION-ID');
  const own =
    stableId === undefined ? undefined : addresses[tag === 'MEDIA' ? tag : 'STREAM-INF'].get(stableId);
  const address = own === undefined ? null : resolveUri(own, rendition.url);
  const clone = { ...rendition, attributes: new Map(attributes).set('PATHWAY-ID', id) };
  if (address !== null) return { ...clone, url: address };
  const url = new URL(rendition.url);
  if (host !== '') url.hostname = host;
  for (const [name, value] of params) setField(url, name, value);
  return { ...clone, url: url.href };
}

/** Sets a query field as hls.js does: at the place of the first one of that name, and without a change of the others. */
function setField(url: URL, name: string, value: string): void {
  const key = encodeURIComponent(name);
  const field = `${key}=${encodeURIComponent(value)}`;
  const fields = url.search.slice(1).split('&').filter(Boolean);
  const isOwn = (each: string): boolean => each === key || each.startsWith(`${key}=`);
  const at = fields.findIndex(isOwn);
  const others = fields.filter((each, index) => index === at || !isOwn(each));
  if (at < 0) others.push(field);
  else others[at] = field;
  url.search = others.join('&');
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textsOf(value: unknown): [string, string][] {
  return Object.entries(recordOf(value))
    .filter((entry): entry is [string, string] => entry[0] !== '' && typeof entry[1] === 'string')
    .slice(0, MAX_FIELDS);
}
