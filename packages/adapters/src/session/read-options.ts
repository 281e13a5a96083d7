import {
  checkOptions,
  parseOrigins,
  parsePlacement,
  readAsOption,
  wrongOption,
  type OptionKind,
  type Placement,
} from '@gatecast/token';
import type { TokenOptions } from './token-options.js';

const rules = {
  tokenUrl: 'address',
  credentials: 'credentials',
  tokenSource: 'function',
  token: 'token',
  stream: 'nameOrFunction',
  placement: 'text',
  origins: 'texts',
  session: 'sessionKey',
  dpop: 'boolean',
  refreshLeadSeconds: 'seconds',
  onTokenRefreshed: 'function',
  onTokenFailed: 'function',
  signal: 'signal',
} satisfies Record<keyof TokenOptions, OptionKind>;

export interface CheckedOptions {
  readonly placement: Placement;
  readonly origins: readonly string[];
  /** Absolute; `null` without a token endpoint. */
  readonly tokenUrl: string | null;
  readonly leadMs: number;
}

/**
 * @throws GatecastError `option-invalid` for an option that does not exist or cannot have its value. @throws TypeError for what
 * is not an address.
 */
export function readOptions(options: TokenOptions): CheckedOptions {
  checkOptions('withTokens', options, rules);
  const { tokenUrl, tokenSource, token, placement = 'query:token', origins = [] } = options;
  if (!tokenUrl && !tokenSource && !token && placement !== 'none')
    throw wrongOption('withTokens has no source of tokens.', 'Set tokenUrl, tokenSource or token.');
  return {
    placement: readPlacement(placement),
    origins: readAsOption(() => parseOrigins([origins].flat().join(' '))),
    tokenUrl: tokenUrl ? pageAddress(tokenUrl) : null,
    leadMs: (options.refreshLeadSeconds ?? 60) * 1000,
  };
}

/** @throws GatecastError `option-invalid` for what is not a placement. */
export function readPlacement(text: string): Placement {
  return readAsOption(() => parsePlacement(text));
}

/** The address that the page means. @throws TypeError if it is not one. */
export function pageAddress(address: string | URL): string {
  const { document } = globalThis as Partial<typeof globalThis>;
  return new URL(address, document?.baseURI).href;
}
