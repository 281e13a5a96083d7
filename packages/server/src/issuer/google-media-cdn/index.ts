export { googleMediaCdnIssuer } from './google-media-cdn-issuer.js';
export type { GoogleMediaCdnIssuerOptions } from './google-media-cdn-options.js';
