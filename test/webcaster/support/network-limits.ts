import type { NetworkLimits } from '@gatecast/webcaster/internal/publisher/whip/follow-network';

/** Settings of a broadcast in 1280x720 that the network may limit. */
export const networkLimits: NetworkLimits = {
  videoBitrateKbps: 2500,
  framerate: 30,
  degradationPreference: 'balanced',
  hasLayers: false,
  pixels: 1280 * 720,
};
