import { Hono, type Context } from 'hono';
import type { JWTPayload } from 'jose';
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
    cust: v.optional(text),
    revocable: v.optional(v.boolean()),
    forceDisconnect: v.optional(v.boolean()),
  }),
  v.check(
    ({ groupid, streams, orgawide }) =>
      [groupid, streams, orgawide].filter((target) => target !== undefined).length === 1,
  ),
);

const FORBIDDEN = { success: false, errorCode: 1001, message: 'forbidden' };
const INVALID_TOKEN = { success: false, errorCode: 1001, message: 'invalid token' };
const BAD_REQUEST = { success: false, errorCode: 1000, message: 'bad request' };
const DAY_SECONDS = 86_400;
const mostRevoked = 1000;

/**
 * Issues, verifies and revokes playback JWTs. A token lives for 24 hours by default, and a revocable one no longer.
 *
 * Errors: 400 with `errorCode` 1000 for an invalid body, 403 with 1001 for an invalid key or token, 403 with 1002 for
 * an expired token. The vendor's page names `/revoke` and its effect; the body and the errors of the request are those of
 * the other requests here.
 *
 * @see https://docs.nanocosmos.de/docs/nanoplayer/nanoplayer_security_jwt
 * @see https://docs.nanocosmos.de/docs/cloud/security_token_revocation
 */
export function playbackService({ apiKey, now }: FakeVendorOptions): Hono {
  const jwt = new ServiceJwt(now);
  const revoked = new Set<string>();
  const app = new Hono();

  const isAllowed = (context: Context): boolean =>
    (context.req.header('X-BINTU-APIKEY') ?? context.req.header('X-BINTU-TOKEN')) === apiKey;

  async function check(token: unknown): Promise<JWTPayload | 'expired' | 'invalid'> {
    return typeof token === 'string' && revoked.has(token) ? 'invalid' : jwt.verify(token);
  }

  app.post('/', async (context) => {
    if (!isAllowed(context)) return context.json(FORBIDDEN, 403);
    const result = v.safeParse(requestSchema, await readJsonObject(context));
    const nowSeconds = Math.floor(now() / 1000);
    const { exp = nowSeconds + DAY_SECONDS, revocable } = result.success ? result.output : {};
    const isTooLong = revocable === true && exp > nowSeconds + DAY_SECONDS + 1;
    if (!result.success || isTooLong) return context.json(BAD_REQUEST, 400);
    // A missing optional member must not become a claim with the value `undefined`.
    const claims = Object.fromEntries(
      Object.entries(result.output).filter(([, value]) => value !== undefined),
    );
    const token = await jwt.sign({ iat: nowSeconds, exp, ...claims });
    return context.json({ success: true, data: { token } });
  });

  app.post('/verify', async (context) => {
    const token = (await readJsonObject(context))?.['token'];
    const claims = await check(token);
    if (claims === 'expired')
      return context.json({ success: false, errorCode: 1002, message: 'jwt expired' }, 403);
    if (claims === 'invalid') return context.json(INVALID_TOKEN, 403);
    return context.json({ success: true, data: { token } });
  });

  app.post('/revoke', async (context) => {
    if (!isAllowed(context)) return context.json(FORBIDDEN, 403);
    const token = (await readJsonObject(context))?.['token'];
    const claims = await check(token);
    if (typeof token !== 'string' || typeof claims === 'string') return context.json(INVALID_TOKEN, 403);
    if (claims['revocable'] !== true) return context.json(BAD_REQUEST, 400);
    // Remove the oldest token, to limit memory use in a long test run.
    if (revoked.size >= mostRevoked) revoked.delete(revoked.keys().next().value ?? '');
    revoked.add(token);
    return context.json({ success: true });
  });

  return app;
}
