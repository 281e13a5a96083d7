export {
  playbackJwtIssuer,
  type PlaybackJwtIssuerOptions,
  type PlaybackTarget,
} from './playback-jwt-issuer.js';
