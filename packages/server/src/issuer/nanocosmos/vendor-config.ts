import * as v from 'valibot';
import { httpUrl, positive, seconds, text } from '../config-fields.js';
import type { IssuerContext } from '../issuer-type.js';
import type { VendorOptions } from './vendor-client.js';

/** Options of every issuer that calls a token service of the vendor. */
export const vendorConfig = {
  url: v.optional(httpUrl),
  timeoutMs: v.optional(positive),
  retries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10))),
  ttlSeconds: v.optional(seconds),
  reuseFraction: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(0.95))),
};

export const restrictionsConfig = v.optional(
  v.strictObject({ ip: v.optional(text), referer: v.optional(text), tag: v.optional(text) }),
);

/** What the vendor's client takes from the server that it runs in. */
export function vendorSurroundings({ logger, onVendorError }: IssuerContext): VendorOptions {
  return { logger, onVendorError };
}
