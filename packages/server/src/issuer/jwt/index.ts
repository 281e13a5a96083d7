export { jwtIssuer, type JwtIssuerOptions } from './jwt-issuer.js';
