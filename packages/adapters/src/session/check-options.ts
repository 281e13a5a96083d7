import { GatecastError, nearestName, parseOrigins, parsePlacement, type Placement } from '@gatecast/token';
import type { TokenOptions } from './token-options.js';

const NAMES = [
  'tokenUrl',
  'credentials',
  'tokenSource',
  'token',
  'stream',
  'placement',
  'origins',
  'dpop',
  'refreshLeadSeconds',
  'onTokenRefreshed',
  'onTokenFailed',
  'signal',
] satisfies readonly (keyof TokenOptions)[];

export interface CheckedOptions {
  readonly placement: Placement;
  readonly origins: readonly string[];
  /** Absolute; `null` without a token endpoint. */
  readonly tokenUrl: string | null;
  readonly leadMs: number;
}

/** @throws GatecastError `option-invalid` for an option that does not exist or cannot have its value. Names no value. */
export function checkOptions(options: TokenOptions): CheckedOptions {
  for (const name of Object.keys(options)) {
    if (NAMES.some((known) => known === name)) continue;
    const nearest = nearestName(name, NAMES);
    throw invalidOption(
      `withTokens has no option "${name}".`,
      nearest ? `Change it to ${nearest}.` : 'Remove it.',
    );
  }
  const { placement = 'query:token', origins = [], refreshLeadSeconds: leadSeconds = 60 } = options;
  const checked = {
    placement: parsePlacement(placement),
    origins: parseOrigins(origins.join(' ')),
    tokenUrl: absolute(options.tokenUrl),
    leadMs: leadSeconds * 1000,
  };
  if (!(leadSeconds >= 0)) throw invalidOption('refreshLeadSeconds is not a number of seconds.', 'Set 60.');
  const { tokenSource, token } = options;
  if (!tokenSource && !token && checked.tokenUrl === null && checked.placement.kind !== 'none')
    throw invalidOption('withTokens has no source of tokens.', 'Set tokenUrl, tokenSource or token.');
  return checked;
}

export function invalidOption(message: string, hint: string): GatecastError {
  return new GatecastError('option-invalid', message, { hint });
}

/** The address that the page means. */
export function pageAddress(address: string | URL): string | null {
  const { document } = globalThis as Partial<typeof globalThis>;
  const base = document?.baseURI;
  return URL.canParse(address, base) ? new URL(address, base).href : null;
}

function absolute(tokenUrl: string | URL | undefined): string | null {
  if (tokenUrl === undefined) return null;
  const url = pageAddress(tokenUrl);
  if (url === null)
    throw invalidOption('tokenUrl is not an address.', 'Set the address of the token endpoint.');
  return url;
}
