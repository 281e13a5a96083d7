import { Hono } from 'hono';
import * as v from 'valibot';
import { readJsonObject } from './read-json.js';
import { ServiceJwt } from './service-jwt.js';
import type { FakeVendorOptions } from './fake-vendor-options.js';

const WEEK_SECONDS = 7 * 86_400;

const requestSchema = v.strictObject({
  streamname: v.pipe(v.string(), v.nonEmpty()),
  ingesturl: v.pipe(v.string(), v.regex(/^rtmps?:\/\/./)),
  exp: v.optional(v.pipe(v.number(), v.integer())),
});

/**
 * Issues ingest tokens with the claims `exp iat nbf iss ingesturl streamname`. The default lifetime is one week. `/verify`
 * repeats a valid token in its response. The vendor does not document its refusals.
 *
 * @see https://docs.nanocosmos.de/docs/webrtc-v5/nanostream_webrtc_secure_ingest
 */
export function webcasterService({ apiKey, now }: FakeVendorOptions): Hono {
  const jwt = new ServiceJwt(now);
  const app = new Hono();

  app.post('/', async (context) => {
    if (context.req.header('X-BINTU-APIKEY') !== apiKey)
      return context.json({ success: false, error: 'unauthorized' }, 401);
    const result = v.safeParse(requestSchema, await readJsonObject(context));
    const nowSeconds = Math.floor(now() / 1000);
    const isGood =
      result.success && (result.output.exp === undefined || isEnd(result.output.exp, nowSeconds));
    if (!isGood) return context.json({ success: false, error: 'bad request' }, 400);
    const { streamname, ingesturl, exp = nowSeconds + WEEK_SECONDS } = result.output;
    const token = await jwt.sign({
      exp,
      iat: nowSeconds,
      nbf: nowSeconds,
      iss: 'nanocosmos',
      ingesturl,
      streamname,
    });
    return context.json({ success: true, data: { token } });
  });

  app.post('/verify', async (context) => {
    const token = (await readJsonObject(context))?.['token'];
    const claims = await jwt.verify(token);
    if (typeof claims === 'string') return context.json({ success: false, error: claims }, 403);
    return context.json({ success: true, data: { token } });
  });

  return app;
}

/** Rejects values in milliseconds: read as seconds, they are thousands of years in the future. */
function isEnd(exp: number, nowSeconds: number): boolean {
  return exp > nowSeconds && exp < 1e11;
}
