import {
  entryOfParts,
  placeParts as placeAll,
  type PartedToken,
  type PlacedParts,
  type TokenPart,
  type TokenValue,
} from '@gatecast/contract';
import { isOwnField, TOKEN_MARKER } from '../known-secrets.js';
import { markOwnToken, placeToken, type Placement } from './placement.js';

/** Where the parts of a token go. */
export interface PartsTarget {
  /** For parts that are a token without a place of its own. */
  readonly placement: Placement;
  readonly stream: string;
  /** Is it the request for the first playlist of the stream? */
  readonly isEntry: boolean;
}

/** Does a token say itself where it goes? */
export function isParted(value: TokenValue): value is PartedToken {
  return typeof value === 'object' && 'parts' in value;
}

/**
 * The address of the first playlist that a token names, without what authorizes it: its query, and a token in its path, in whose
 * place the name of the stream is. `null` if it names none.
 */
export function entryOf(value: TokenValue, stream: string): string | null {
  return isParted(value) ? entryOfParts(value, stream) : null;
}

/**
 * Adds the parts of a token to a request.
 *
 * @returns `null` if none of them goes into the request: its address has a token that the origin has written.
 */
export function placeParts(
  { placement, ...target }: PartsTarget,
  given: string,
  parts: readonly TokenPart[],
): PlacedParts | null {
  return placeAll(
    {
      ...target,
      isOwnField,
      marker: TOKEN_MARKER,
      placeToken: (url, value) => {
        const bare = markOwnToken(placement, url, value);
        const withCookie = placement.kind === 'cookie';
        return bare === null ? null : { ...placeToken(placement, bare, value), withCookie };
      },
    },
    given,
    parts,
  );
}
