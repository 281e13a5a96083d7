import type { TokenSettings } from '@gatecast/element';
import { parsePlacement, type Placement } from '@gatecast/token';
import type { PlayerSettings } from '../playback/playback-controller.js';
import type { SecurePlayer } from '../secure-player.js';

export const DEFAULT_LEAD_S = 60;

/** Where an element's tokens come from, as its attributes and properties say. */
export function readTokenSettings(player: SecurePlayer): TokenSettings {
  return {
    tokenUrl: absolute(player.tokenUrl),
    tokenCredentials: player.tokenCredentials,
    tokenSource: player.tokenSource,
    refreshLeadSeconds: player.refreshLead >= 0 ? player.refreshLead : DEFAULT_LEAD_S,
  };
}

/** Without any place to get tokens from the stream is an open one. */
export function hasTokens({ source, tokenUrl, tokenSource, token }: SecurePlayer): boolean {
  const hasSecurity = source?.entries?.some((entry) => entry.h5live?.security) ?? false;
  return tokenUrl !== '' || tokenSource !== null || token !== null || hasSecurity;
}

/**
 * How an element is to play, as its attributes and properties say.
 *
 * @throws TypeError for what cannot be read.
 */
export function readSettings(player: SecurePlayer): PlayerSettings {
  return {
    engine: player.engine,
    settings: () => ({
      playlistSigner: absolute(player.playlistSigner),
      nanoplayerSrc: absolute(player.nanoplayerSrc),
      refreshMode: player.refreshMode === 'deferred' ? 'deferred' : 'eager',
    }),
    engineConfig: player.engine === 'nanoplayer' ? player.nanoPlayerConfig : player.hlsConfig,
    tokens: readTokenSettings(player),
    placement: readPlacement(player),
    tokenOrigins: player.tokenOrigins
      .split(/\s+/)
      .filter(Boolean)
      .map((origin) => new URL(origin, document.baseURI).origin),
    token: player.token,
  };
}

function readPlacement(player: SecurePlayer): Placement {
  if (!hasTokens(player) && !player.hasAttribute('token-placement')) return { kind: 'none' };
  return parsePlacement(player.tokenPlacement);
}

function absolute(url: string): string | null {
  return url ? new URL(url, document.baseURI).href : null;
}
