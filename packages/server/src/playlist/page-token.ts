import {
  entryOfParts,
  partsFor,
  partsOfRequest,
  placeParts,
  addQuery,
  queryFields,
  queryValues,
  encodeInQuery,
  signedSegment,
  type PartedToken,
  type TokenItem,
  type TokenPart,
} from '@gatecast/contract';
import { cookiesFor } from '../http/cookies-for.js';

/** What the response has for one stream. */
export interface IssuedItems {
  readonly item: TokenItem;
  /** Items of the same stream for other origins. @defaultValue none */
  readonly further?: readonly TokenItem[];
  /** Values of `Set-Cookie`. @defaultValue none */
  readonly setCookies?: readonly string[];
}

/** A request with a token in place. */
export interface TokenRequestParts {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The request for the first playlist of a stream. */
export interface FirstRequest extends TokenRequestParts {
  /**
   * Address of the playlist as the page requests it: without its token. Where the token is a segment of the path, it has the
   * name of the stream.
   */
  readonly key: URL;
  /** Is it the signed address of an item? */
  readonly isSigned: boolean;
}

/** A shorter value of a field is the id of a key, a time or the name of a method. */
const SHORTEST_FIELD = 16;

/** A token as the page gets it: adds it to requests for playlists as the page does. */
export class PageToken {
  readonly #stream: string;
  readonly #value: PartedToken;
  readonly #setCookies: readonly string[];
  readonly #setBy: string;
  readonly #parameter: string;

  /**
   * @param host - host of the response: cookies without `Domain` go there only.
   * @param parameter - query parameter for a token without a place of its own.
   */
  constructor({ item, further = [], setCookies = [] }: IssuedItems, host: string, parameter: string) {
    this.#stream = item.stream;
    this.#value = { parts: [item, ...further].map(partOf) };
    this.#setCookies = setCookies;
    this.#setBy = host;
    this.#parameter = parameter;
  }

  /**
   * The request for the first playlist.
   *
   * @param given - its address without a token; `undefined` for the one that the token names.
   * @returns `null` if the token names no address, or is not for its origin.
   * @throws TypeError for an address that is not absolute.
   */
  first(given: string | undefined): FirstRequest | null {
    const address = given ?? entryOfParts(this.#value, this.#stream);
    if (address === null) return null;
    // Where the address may not go, nothing is sent at all.
    const { parts, entry } = partsOfRequest(this.#value, address, true, () => true);
    const signed = { parts: this.#value.parts.filter(({ url }) => url === entry) };
    const key = entry === undefined ? address : entryOfParts(signed, this.#stream);
    const request = key === null ? null : this.#place(address, parts, true);
    return key === null || request === null
      ? null
      : { ...request, key: new URL(key), isSigned: entry !== undefined };
  }

  /** The request for a playlist that another one names. `null` if the token is not for its origin. */
  next({ href, origin }: URL): TokenRequestParts | null {
    return this.#place(href, partsFor(this.#value, origin), false);
  }

  /** What must not be in a playlist that others get too. */
  get secrets(): readonly string[] {
    const fields = this.#value.parts.flatMap(({ query = {}, headers = {}, path = '', url = '' }) => [
      ...Object.values(query),
      ...Object.values(headers),
      ...path.split('/'),
      ...url.split(/[/?&=]/),
    ]);
    const cookies = this.#setCookies.map((line) => /=([^;]*)/.exec(line)?.[1] ?? '');
    const plain = this.#value.parts.flatMap(({ token = '', security }) => [
      token,
      security?.token ?? '',
      security?.jwtoken ?? '',
    ]);
    return [
      ...plain.filter((text) => text !== ''),
      ...[...fields, ...cookies].filter(({ length }) => length >= SHORTEST_FIELD),
    ];
  }

  #place(address: string, parts: readonly TokenPart[], isEntry: boolean): TokenRequestParts | null {
    if (parts.length === 0) return null;
    const name = this.#parameter;
    const placed = placeParts(
      {
        stream: this.#stream,
        isEntry,
        isOwnField: () => false,
        placeToken: (url, value) => {
          const fields = queryFields(name, value);
          const isForeign = fields.some(([field, own]) =>
            queryValues(url, field).some(
              (each) => !['', own, encodeInQuery(own), encodeURIComponent(own)].includes(each),
            ),
          );
          return isForeign && !isEntry
            ? null
            : { url: addQuery(url, fields), headers: {}, withCookie: false };
        },
      },
      address,
      parts,
    );
    if (placed === null) return { url: address, headers: {} };
    const { url, headers, withCookie } = placed;
    if (!withCookie) return { url, headers };
    const Cookie = cookiesFor(this.#setCookies, new URL(url), this.#setBy);
    // The origin has set the cookie itself, and only the browser has it.
    return Cookie === null ? null : { url, headers: { ...headers, Cookie } };
  }
}

/** As clients read an item: a signed address may have its token in the path. */
function partOf({ stream: _stream, expiresAt: _end, ...part }: TokenItem): TokenPart {
  const { path, url } = part;
  const segment = path ?? (url !== undefined && URL.canParse(url) ? signedSegment(url) : undefined);
  return { ...part, ...(segment !== undefined && { path: segment }) };
}
