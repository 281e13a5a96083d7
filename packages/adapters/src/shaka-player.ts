export { withTokens, type ShakaTokenOptions } from './shaka/with-tokens.js';
