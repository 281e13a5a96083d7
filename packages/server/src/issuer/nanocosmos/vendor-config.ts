import * as v from 'valibot';
import { httpUrl, positive, seconds, text } from '../config-fields.js';
import type { IssuerContext } from '../issuer-type.js';
import type { VendorOptions } from './vendor-client.js';

/** Configuration of every issuer that requests tokens from the vendor's service. */
export const vendorConfig = {
  url: v.optional(httpUrl),
  timeoutMs: v.optional(positive),
  retries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10))),
  ttlSeconds: v.optional(
    v.union([seconds, v.literal('vendor-default')], 'is neither a number of seconds nor "vendor-default"'),
  ),
  reuseFraction: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(0.95))),
};

export const restrictionsConfig = v.optional(
  v.strictObject({ ip: v.optional(text), referer: v.optional(text), tag: v.optional(text) }),
);

/** Logger and metrics of the server, for the vendor's client. */
export function vendorContext({ logger, onVendorError }: IssuerContext): VendorOptions {
  return { logger, onVendorError };
}
