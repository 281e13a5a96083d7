export { stsSecurityIssuer, type StsSecurityIssuerOptions } from './sts-security-issuer.js';
export { explainStsOptions, type StsOptionsExplanation, type StsRestriction } from './sts-options.js';
