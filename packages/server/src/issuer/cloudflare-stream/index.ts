export type { CloudflareAccessRule } from './access-rules.js';
export { cloudflareStreamIssuer, type CloudflareStreamIssuerOptions } from './cloudflare-stream-issuer.js';
