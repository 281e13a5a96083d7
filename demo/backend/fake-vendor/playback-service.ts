import { Hono } from 'hono';
import * as v from 'valibot';
import { readJsonObject } from './read-json.js';
import { ServiceJwt } from './service-jwt.js';
import type { FakeVendorOptions } from './fake-vendor-options.js';

const text = v.pipe(v.string(), v.nonEmpty());
const seconds = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e11));
const requestSchema = v.pipe(
  v.strictObject({
    groupid: v.optional(text),
    streams: v.optional(v.pipe(v.array(text), v.nonEmpty())),
    orgawide: v.optional(v.literal(true)),
    nbf: v.optional(seconds),
    exp: v.optional(seconds),
    domain: v.optional(text),
    ip: v.optional(text),
    tag: v.optional(text),
    user: v.optional(text),
  }),
  v.check(
    ({ groupid, streams, orgawide }) =>
      [groupid, streams, orgawide].filter((target) => target !== undefined).length === 1,
  ),
);

/**
 * Issues and verifies playback JWTs.
 *
 * Errors: 400 with `errorCode` 1000 for an invalid body, 403 with 1001 for an invalid key or token, 403 with 1002 for
 * an expired token.
 */
export function playbackService({ apiKey, now }: FakeVendorOptions): Hono {
  const jwt = new ServiceJwt(now);
  const app = new Hono();

  app.post('/', async (context) => {
    const shown = context.req.header('X-BINTU-APIKEY') ?? context.req.header('X-BINTU-TOKEN');
    if (shown !== apiKey) return context.json({ success: false, errorCode: 1001, message: 'forbidden' }, 403);
    const result = v.safeParse(requestSchema, await readJsonObject(context));
    if (!result.success)
      return context.json({ success: false, errorCode: 1000, message: 'bad request' }, 400);
    // A missing optional member must not become a claim with the value `undefined`.
    const claims = Object.fromEntries(
      Object.entries(result.output).filter(([, value]) => value !== undefined),
    );
    const token = await jwt.sign({ iat: Math.floor(now() / 1000), ...claims });
    return context.json({ success: true, data: { token } });
  });

  app.post('/verify', async (context) => {
    const claims = await jwt.verify((await readJsonObject(context))?.['token']);
    if (claims === 'expired')
      return context.json({ success: false, errorCode: 1002, message: 'jwt expired' }, 403);
    if (claims === 'invalid')
      return context.json({ success: false, errorCode: 1001, message: 'invalid token' }, 403);
    return context.json({ success: true, data: claims });
  });

  return app;
}
