export { ingestJwtIssuer, type IngestJwtIssuerOptions } from './ingest-jwt-issuer.js';
