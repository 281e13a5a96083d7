export { secureLinkIssuer, type SecureLinkIssuerOptions } from './secure-link-issuer.js';
