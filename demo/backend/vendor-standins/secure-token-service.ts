import { Hono } from 'hono';
import * as v from 'valibot';
import { readJsonObject } from './read-json.js';
import type { VendorStandinsOptions } from './vendor-standins.js';

const YEAR_SECONDS = 365 * 86_400;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

const text = v.pipe(v.string(), v.nonEmpty());
const requestSchema = v.pipe(
  v.strictObject({
    streamname: v.optional(text),
    orga: v.optional(text),
    expires: v.optional(v.pipe(v.string(), v.regex(/^\d{1,10}$/))),
    tag: v.optional(text),
    referer: v.optional(v.pipe(v.string(), v.check(isDomainName))),
    ip: v.optional(text),
  }),
  v.check(({ streamname, orga }) => (streamname === undefined) !== (orga === undefined)),
);

/** STS security objects: all strings, with `options` as the field of bits that was seen. */
export function secureTokenService({ apiKey, now }: VendorStandinsOptions): Hono {
  const app = new Hono();
  app.post('/', async (context) => {
    if (context.req.header('X-BINTU-APIKEY') !== apiKey) return context.json({ error: 'forbidden' }, 403);
    const result = v.safeParse(requestSchema, await readJsonObject(context));
    if (!result.success) return context.json({ error: 'bad request' }, 400);
    const { orga, expires, tag, referer, ip } = result.output;
    const nowSeconds = now() / 1000;
    const isPast = expires !== undefined && Number(expires) <= nowSeconds;
    const isFar = expires !== undefined && Number(expires) > nowSeconds + YEAR_SECONDS + 1;
    if (isPast || isFar) return context.json({ error: 'bad expires' }, 400);
    const bits = [expires, ip, referer, tag, orga];
    const options = bits.reduce((sum, value, index) => sum + (value === undefined ? 0 : 2 ** index), 0);
    const security = {
      expires: expires ?? '',
      tag: tag ?? '',
      token: opaqueToken(),
      options: String(options),
    };
    return context.json({ h5live: { security } });
  });
  return app;
}

function opaqueToken(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

/** No scheme, no path, no wildcard; a TLD that is not all digits; a trailing dot is fine. */
function isDomainName(referer: string): boolean {
  const name = referer.replace(/\.$/, '');
  const labels = name.split('.');
  const hasTld = labels.length > 1 && !/^\d+$/.test(labels.at(-1) ?? '');
  return name.length <= 253 && hasTld && labels.every((label) => LABEL.test(label));
}
