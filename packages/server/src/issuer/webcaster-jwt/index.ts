export { webcasterJwtIssuer, type WebcasterJwtIssuerOptions } from './webcaster-jwt-issuer.js';
