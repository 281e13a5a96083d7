export { withTokens, type FetchWithTokens } from './fetch/with-tokens.js';
