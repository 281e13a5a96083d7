export { bunnyIssuer, type BunnyIssuerOptions } from './bunny-issuer.js';
export type { BunnyAlgorithm } from './bunny-token.js';
