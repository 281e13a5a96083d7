export { akamaiEdgeAuthIssuer, type AkamaiEdgeAuthIssuerOptions } from './akamai-edgeauth-issuer.js';
