export { muxIssuer, type MuxIssuerOptions } from './mux-issuer.js';
export type { MuxTokenType } from './token-types.js';
