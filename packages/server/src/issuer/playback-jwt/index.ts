export {
  playbackJwtIssuer,
  type PlaybackJwtIssuerOptions,
  type PlaybackTarget,
} from './playback-jwt-issuer.js';
export type { RevokingIssuer } from './revoke-by-vendor.js';
