import type { SchemeCheck } from '../../../demo/backend/schemes/scheme-row.js';
import { akamaiCheck } from './akamai-check.js';
import { bunnyCheck } from './bunny-check.js';
import { cloudflareStreamCheck } from './cloudflare-stream-check.js';
import { cloudfrontCheck } from './cloudfront-check.js';
import { commonAccessTokenCheck } from './common-access-token-check.js';
import { googleMediaCdnCheck } from './google-media-cdn-check.js';
import { jwtCheck } from './jwt-check.js';
import { muxCheck } from './mux-check.js';
import { ovenMediaEngineCheck } from './oven-media-engine-check.js';
import { secureLinkCheck } from './secure-link-check.js';
import { uriSigningCheck } from './uri-signing-check.js';

/** Checks with a library of the vendor or of its format, or by the documented formula, by type of the issuer. */
export const referenceChecks: Readonly<Record<string, SchemeCheck>> = {
  'akamai-edgeauth': akamaiCheck,
  bunny: bunnyCheck,
  'cloudflare-stream': cloudflareStreamCheck,
  cloudfront: cloudfrontCheck,
  'common-access-token': commonAccessTokenCheck,
  'google-media-cdn': googleMediaCdnCheck,
  jwt: jwtCheck,
  mux: muxCheck,
  'oven-media-engine': ovenMediaEngineCheck,
  'secure-link': secureLinkCheck,
  'uri-signing': uriSigningCheck,
};

/** Checks tokens without the code of this repository’s issuers and verifiers, which so do not judge themselves. */
export const referenceCheck: SchemeCheck = async (request, input) => {
  const { type } = input.config;
  const check = Object.hasOwn(referenceChecks, type) ? referenceChecks[type] : undefined;
  if (check === undefined) throw new TypeError(`There is no reference check for "${type}".`);
  return check(request, input);
};
