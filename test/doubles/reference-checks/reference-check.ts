import { ownCheck } from '../../../demo/backend/schemes/scheme-issuers.js';
import type { SchemeCheck } from '../../../demo/backend/schemes/scheme-row.js';
import { akamaiCheck } from './akamai-check.js';
import { cloudfrontCheck } from './cloudfront-check.js';

/** Checks with a vendor’s library, by type of the issuer. */
export const referenceChecks: Readonly<Record<string, SchemeCheck>> = {
  'akamai-edgeauth': akamaiCheck,
  cloudfront: cloudfrontCheck,
};

/** Checks tokens with the library of the vendor, where there is one, so that the code of this repository does not judge itself. */
export const referenceCheck: SchemeCheck = (request, input) =>
  (referenceChecks[input.config.type] ?? ownCheck)(request, input);
