export { withTokens, type DashTokenOptions } from './dash/with-tokens.js';
