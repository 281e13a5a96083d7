import { utf8 } from '../bytes.js';
import { toBase64Url, type MediaCdnKey } from './media-cdn-key.js';

/** Separates the fields of a token. */
export const TOKEN_DELIMITER = '~';

/** What a token opens: exactly one of the three. */
export type TokenScope =
  | { readonly pathGlobs: readonly string[] }
  | { readonly urlPrefix: string }
  /** The path is signed, but not in the token. */
  | { readonly fullPath: string };

/** Fields of a token. Times are NumericDate seconds. */
export interface MediaCdnTokenFields {
  readonly scope: TokenScope;
  readonly starts?: number | undefined;
  readonly expires: number;
  readonly sessionId?: string | undefined;
  readonly data?: string | undefined;
  /** Addresses and ranges, separated by commas. */
  readonly ipRanges?: string | undefined;
}

/** Writes a token: `PathGlobs=…~Expires=…~Signature=…`. */
export async function writeMediaCdnToken(
  key: MediaCdnKey,
  { scope, starts, expires, sessionId, data, ipRanges }: MediaCdnTokenFields,
): Promise<string> {
  const rest = [
    ...(starts === undefined ? [] : [`Starts=${String(starts)}`]),
    `Expires=${String(expires)}`,
    ...(sessionId === undefined ? [] : [`SessionID=${sessionId}`]),
    ...(data === undefined ? [] : [`Data=${data}`]),
    ...(ipRanges === undefined ? [] : [`IPRanges=${toBase64Url(utf8(ipRanges))}`]),
  ].join(TOKEN_DELIMITER);
  const sent = 'fullPath' in scope ? 'FullPath' : scopeField(scope);
  const signed = 'fullPath' in scope ? `FullPath=${scope.fullPath}` : sent;
  const signature = await key.sign(`${signed}${TOKEN_DELIMITER}${rest}`);
  return [sent, rest, `${key.field}=${signature}`].join(TOKEN_DELIMITER);
}

function scopeField(scope: Exclude<TokenScope, { fullPath: string }>): string {
  if ('urlPrefix' in scope) return `URLPrefix=${encodePrefix(scope.urlPrefix)}`;
  return `PathGlobs=${scope.pathGlobs.join(',')}`;
}

/** The value of `URLPrefix`. */
export function encodePrefix(urlPrefix: string): string {
  return toBase64Url(utf8(urlPrefix));
}
