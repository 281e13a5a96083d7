export { uriSigningIssuer, type UriSigningIssuerOptions } from './uri-signing-issuer.js';
