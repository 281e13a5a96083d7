import type { TokenSettings } from '@gatecast/element';
import { parseOrigins, parsePlacement, type Placement } from '@gatecast/token';
import type { PlayerSettings } from '../playback/playback-controller.js';
import { parseAddress } from '../source/parse-address.js';
import type { ResolvedSource } from '../source/player-source.js';
import type { PlayerOptions } from './player-options.js';

/** Seconds. */
export const DEFAULT_LEAD_S = 60;
/** Seconds: more than a few segments, less than what a viewer would take for live. */
export const DEFAULT_MAX_LIVE_LATENCY_S = 30;
export const DEFAULT_PLACEMENT = 'query:token';

/**
 * Where the tokens of an element come from.
 *
 * @throws TypeError for an invalid address.
 */
export function readTokenSettings(options: PlayerOptions): TokenSettings {
  return {
    tokenUrl: options.tokenUrl ? parseAddress('token-url', options.tokenUrl, document.baseURI).href : null,
    tokenCredentials: options.tokenCredentials,
    dpop: options.dpop,
    tokenSession: options.tokenSession,
    tokenSource: options.tokenSource,
    refreshLeadSeconds: options.refreshLead >= 0 ? options.refreshLead : DEFAULT_LEAD_S,
  };
}

/** Does a source need tokens? Without a token source or a token it is an open stream. */
export function isProtected(
  { tokenUrl, tokenSource, token }: PlayerOptions,
  source: ResolvedSource | null,
): boolean {
  const hasSecurity = source?.entries.some(({ security }) => security !== null) ?? false;
  return tokenUrl !== '' || tokenSource !== null || token !== null || hasSecurity;
}

/**
 * Reads how to play a source. Depends on its two parameters only, not on the source that plays now.
 *
 * @throws TypeError, GatecastError for an attribute or property with an invalid value.
 */
export function readSettings(options: PlayerOptions, source: ResolvedSource): PlayerSettings {
  const isSourceProtected = isProtected(options, source);
  requireOneOf('token-credentials', options.tokenCredentials, ['omit', 'same-origin', 'include']);
  return {
    engine: options.engine,
    isProtected: isSourceProtected,
    tokens: readTokenSettings(options),
    placement: readPlacement(options, isSourceProtected),
    tokenOrigins: parseOrigins(options.tokenOrigins),
    token: options.token,
    mayStartLater: () => options.wait,
  };
}

/** An open stream has no placement, unless the page has set one. */
function readPlacement(options: PlayerOptions, isSourceProtected: boolean): Placement {
  const { tokenPlacement } = options;
  const isChosen = tokenPlacement !== DEFAULT_PLACEMENT || options.hasAttribute('token-placement');
  const placement: Placement =
    isSourceProtected || isChosen ? parsePlacement(tokenPlacement) : { kind: 'none' };
  // Without a token source, the origin sets its cookies itself.
  return placement.kind === 'cookie' && !isSourceProtected
    ? { kind: 'none', credentials: 'include' }
    : placement;
}

function requireOneOf(attribute: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) throw new TypeError(`${attribute}="${value}" must be ${allowed.join(', ')}.`);
}
