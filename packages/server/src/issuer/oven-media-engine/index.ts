export { ovenMediaEngineIssuer, type OvenMediaEngineIssuerOptions } from './oven-media-engine-issuer.js';
