export { withTokens, type VideoJsPlayer } from './video/with-tokens.js';
