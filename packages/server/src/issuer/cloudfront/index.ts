export { cloudfrontIssuer, type CloudFrontIssuerOptions } from './cloudfront-issuer.js';
