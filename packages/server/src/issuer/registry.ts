import { akamaiEdgeAuthIssuerType } from './akamai-edgeauth/akamai-edgeauth-issuer-type.js';
import { bunnyIssuerType } from './bunny/bunny-issuer-type.js';
import { cloudflareStreamIssuerType } from './cloudflare-stream/cloudflare-stream-issuer-type.js';
import { cloudfrontIssuerType } from './cloudfront/cloudfront-issuer-type.js';
import { googleMediaCdnIssuerType } from './google-media-cdn/google-media-cdn-issuer-type.js';
import { commonAccessTokenIssuerType } from './common-access-token/common-access-token-issuer-type.js';
import { ingestJwtIssuerType } from './ingest-jwt/ingest-jwt-issuer-type.js';
import { jwtIssuerType } from './jwt/jwt-issuer-type.js';
import { muxIssuerType } from './mux/mux-issuer-type.js';
import { ovenMediaEngineIssuerType } from './oven-media-engine/oven-media-engine-issuer-type.js';
import { playbackJwtIssuerType } from './playback-jwt/playback-jwt-issuer-type.js';
import { secureLinkIssuerType } from './secure-link/secure-link-issuer-type.js';
import { stsSecurityIssuerType } from './sts-security/sts-security-issuer-type.js';
import { uriSigningIssuerType } from './uri-signing/uri-signing-issuer-type.js';
import { webcasterJwtIssuerType } from './webcaster-jwt/webcaster-jwt-issuer-type.js';

export * from './akamai-edgeauth/index.js';
export * from './bunny/index.js';
export * from './cloudflare-stream/index.js';
export * from './cloudfront/index.js';
export * from './google-media-cdn/index.js';
export * from './common-access-token/index.js';
export * from './ingest-jwt/index.js';
export * from './jwt/index.js';
export * from './mux/index.js';
export * from './oven-media-engine/index.js';
export * from './playback-jwt/index.js';
export * from './secure-link/index.js';
export * from './sts-security/index.js';
export * from './uri-signing/index.js';
export * from './webcaster-jwt/index.js';

/**
 * The issuers that the configuration of `gatecast serve` can select, each with its schema and its factory.
 *
 * @internal
 */
export const issuerTypes = [
  akamaiEdgeAuthIssuerType,
  cloudfrontIssuerType,
  googleMediaCdnIssuerType,
  commonAccessTokenIssuerType,
  jwtIssuerType,
  ingestJwtIssuerType,
  playbackJwtIssuerType,
  secureLinkIssuerType,
  stsSecurityIssuerType,
  uriSigningIssuerType,
  webcasterJwtIssuerType,
  cloudflareStreamIssuerType,
  muxIssuerType,
  bunnyIssuerType,
  ovenMediaEngineIssuerType,
] as const;
