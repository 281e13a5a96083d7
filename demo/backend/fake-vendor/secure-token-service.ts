import { Hono } from 'hono';
import * as v from 'valibot';
import { readJsonObject } from './read-json.js';
import type { FakeVendorOptions } from './fake-vendor-options.js';

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

const mostTokens = 1000;

/**
 * Issues STS security objects. All values are strings, empty for a restriction that is not set; `options` is a bit field of
 * the restrictions that are set. Without `expires`, a token has no end.
 *
 * @see https://docs.nanocosmos.de/docs/nanoplayer/nanoplayer_feature_security_sts
 *
 * `POST /verify` is not part of the vendor's API: the vendor's media servers verify tokens with a secret that they
 * share with the service. The fake media servers of our tests call `/verify` instead.
 */
export function secureTokenService({ apiKey, now }: FakeVendorOptions): Hono {
  const app = new Hono();
  const issued = new Map<string, { readonly security: Record<string, string>; readonly stream?: string }>();
  app.post('/', async (context) => {
    if (context.req.header('X-BINTU-APIKEY') !== apiKey) return context.json({ error: 'forbidden' }, 403);
    const result = v.safeParse(requestSchema, await readJsonObject(context));
    if (!result.success) return context.json({ error: 'bad request' }, 400);
    const { streamname, orga, expires, tag, referer, ip } = result.output;
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
    // Remove the oldest token, to limit memory use in a long test run.
    if (issued.size >= mostTokens) issued.delete(issued.keys().next().value ?? '');
    issued.set(security.token, { security, ...(streamname !== undefined && { stream: streamname }) });
    return context.json({ h5live: { security } });
  });

  app.post('/verify', async (context) => {
    const { streamname, ...shown } = (await readJsonObject(context)) ?? {};
    const known = issued.get(String(shown['token']));
    const isWhole =
      known && Object.entries(known.security).every(([name, field]) => (shown[name] ?? '') === field);
    if (!isWhole) return context.json({ error: 'invalid' }, 403);
    if (known.stream !== undefined && known.stream !== streamname)
      return context.json({ error: 'stream' }, 403);
    const { expires } = known.security;
    if (expires && Number(expires) * 1000 <= now()) return context.json({ error: 'expired' }, 403);
    return context.json({ success: true });
  });
  return app;
}

function opaqueToken(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

/** A domain name without scheme, path or wildcard. The top-level domain must not be all digits. */
function isDomainName(referer: string): boolean {
  const name = referer.replace(/\.$/, '');
  const labels = name.split('.');
  const hasTld = labels.length > 1 && !/^\d+$/.test(labels.at(-1) ?? '');
  return name.length <= 253 && hasTld && labels.every((label) => LABEL.test(label));
}
