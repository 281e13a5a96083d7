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

/** @throws GatecastError `option-invalid` for an option that does not exist. @throws TypeError for what is not an address or a placement. */
export function checkOptions(options: TokenOptions): CheckedOptions {
  for (const name of Object.keys(options)) {
    if (NAMES.some((known) => known === name)) continue;
    const nearest = nearestName(name, NAMES);
    throw invalidOption(
      `withTokens has no option "${name}".`,
      nearest ? `Change it to ${nearest}.` : 'Remove it.',
    );
  }
  const { tokenUrl, tokenSource, token, placement = 'query:token', origins = [] } = options;
  if (!tokenUrl && !tokenSource && !token && placement !== 'none')
    throw invalidOption('withTokens has no source of tokens.', 'Set tokenUrl, tokenSource or token.');
  return {
    placement: parsePlacement(placement),
    origins: parseOrigins(origins.join(' ')),
    tokenUrl: tokenUrl ? pageAddress(tokenUrl) : null,
    leadMs: (options.refreshLeadSeconds ?? 60) * 1000,
  };
}

export function invalidOption(message: string, hint: string): GatecastError {
  return new GatecastError('option-invalid', message, { hint });
}

/** The address that the page means. @throws TypeError if it is not one. */
export function pageAddress(address: string | URL): string {
  const { document } = globalThis as Partial<typeof globalThis>;
  return new URL(address, document?.baseURI).href;
}
