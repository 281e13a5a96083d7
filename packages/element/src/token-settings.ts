import {
  customSource,
  endpointSource,
  noSource,
  type TokenFunction,
  type TokenSource,
} from '@gatecast/token';

/** Where an element gets its tokens, from its attributes and properties. */
export interface TokenSettings {
  /** Absolute URL of the token endpoint, if any. */
  tokenUrl: string | null;
  tokenCredentials: RequestCredentials;
  /** Send proofs of possession with requests for tokens and with tokens. */
  dpop?: boolean | undefined;
  /** Key of those tabs that share tokens; empty for none. */
  tokenSession?: string | undefined;
  /** Takes precedence over `tokenUrl`. */
  tokenSource: TokenFunction | null;
  /** Seconds, as in the attribute `refresh-lead`. */
  refreshLeadSeconds: number;
}

/** Does the browser ignore the cookies that the token endpoint sets? */
export function ignoresCookies({ tokenSource, tokenUrl, tokenCredentials }: TokenSettings): boolean {
  if (tokenSource || tokenUrl === null || tokenCredentials === 'include') return false;
  const { location } = globalThis as Partial<typeof globalThis>;
  return tokenCredentials === 'omit' || new URL(tokenUrl).origin !== location?.origin;
}

/** Is only the page's function another one? */
export function isOnlyOtherFunction(
  before: TokenSettings,
  { tokenSource, refreshLeadSeconds }: TokenSettings,
): boolean {
  return (
    before.tokenSource !== null &&
    tokenSource !== null &&
    tokenSource !== before.tokenSource &&
    refreshLeadSeconds === before.refreshLeadSeconds
  );
}

/** The source that the settings name. */
export function tokenSourceOf(settings: TokenSettings): TokenSource {
  const { tokenSource, tokenUrl, tokenCredentials, dpop, tokenSession: session } = settings;
  if (tokenSource) return customSource(tokenSource, { dpop, session });
  if (tokenUrl !== null)
    return endpointSource({ url: tokenUrl, credentials: tokenCredentials, dpop, session });
  return noSource();
}
