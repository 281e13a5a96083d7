export {
  commonAccessTokenIssuer,
  type CatRenewalOptions,
  type CommonAccessTokenIssuerOptions,
} from './common-access-token-issuer.js';
