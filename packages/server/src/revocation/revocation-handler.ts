import { toNumericDate } from '@gatecast/contract';
import { createCors } from '../http/cors.js';
import { createHandler, type FetchHandler, type HandleContext } from '../http/create-handler.js';
import { equalSecrets } from '../http/equal-secrets.js';
import { silentLogger, type Logger } from '../http/logger.js';
import type { Metrics } from '../http/metrics.js';
import { Problem } from '../http/problem.js';
import { readJsonBody } from '../http/request-body.js';
import { requireKnownOptions, type OptionNames } from '../http/require-known-options.js';
import { textAnswer, type TextAnswer } from '../http/text-response.js';
import { readAuthorization } from '../verify/request-token.js';
import type { Revocation, RevokeRequest } from './revocation.js';
import type { Revocations } from './revocations.js';

export interface RevocationHandlerOptions {
  readonly revocations: Revocations;
  /** Secret that a caller sends as `Authorization: Bearer`, at least 32 characters. */
  readonly key: string;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** @defaultValue logs nothing */
  readonly logger?: Logger;
  /** @defaultValue no metrics */
  readonly metrics?: Metrics;
}

const SHORTEST_KEY = 32;
/** More lines help nobody: the caller narrows the list. */
const MOST_LISTED = 1000;
const bodyLimits = { maxBytes: 8192, timeoutMs: 10_000 };

type Route = (request: Request, context: HandleContext) => Promise<object>;

/**
 * Creates the routes of an operator, by the last segment of the path: `POST …/revoke` with a {@link RevokeRequest}, `POST …/allow`
 * with its target, and `GET …/revocations`. Keep them on an address that viewers cannot reach.
 *
 * @example
 * ```ts
 * app.all('/admin/*route', toNodeListener(createRevocationHandler({ revocations, key: process.env.ADMIN_KEY })));
 * ```
 * @throws TypeError if the key is shorter than 32 characters, or an option is unknown.
 */
export function createRevocationHandler(options: RevocationHandlerOptions): FetchHandler {
  requireKnownOptions('createRevocationHandler', options, optionNames);
  const { revocations, key, now = Date.now, logger = silentLogger, metrics } = options;
  if (typeof key !== 'string' || key.length < SHORTEST_KEY)
    throw new TypeError(
      `The key of createRevocationHandler is shorter than ${String(SHORTEST_KEY)} characters.`,
    );
  const body = (request: Request, context: HandleContext) => readJsonBody(request, context, bodyLimits);
  const routes: Readonly<Record<string, readonly [method: 'GET' | 'POST', route: Route]>> = {
    revoke: [
      'POST',
      async (request, context) => {
        // The list checks what it is given.
        const given = (await body(request, context)) as RevokeRequest;
        return { revocation: await revocations.revoke(given) };
      },
    ],
    allow: [
      'POST',
      async (request, context) => {
        const given = (await body(request, context)) as RevokeRequest;
        return { allowed: await revocations.allow(given) };
      },
    ],
    revocations: [
      'GET',
      async (request) => {
        const found = narrowed(await revocations.list(), new URL(request.url).searchParams);
        const latest = found.sort((one, other) => other.revokedAt - one.revokedAt).slice(0, MOST_LISTED);
        return { revocations: latest, total: found.length, serverTime: toNumericDate(now()) };
      },
    ],
  };

  async function handle(request: Request, context: HandleContext): Promise<TextAnswer> {
    requireKey(request, key);
    const name = new URL(request.url).pathname.split('/').at(-1) ?? '';
    const [method, route] = (Object.hasOwn(routes, name) ? routes[name] : undefined) ?? [];
    if (!route) throw new Problem('not-found', 'The route does not exist.');
    if (request.method !== method)
      throw new Problem('method-not-allowed', `This route accepts ${method ?? ''} only.`, {
        headers: { Allow: `${method ?? ''}, OPTIONS` },
      });
    const result = await route(request, context);
    return textAnswer(JSON.stringify(result), {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
    });
  }

  const methods = ['POST', 'GET'];
  const cors = createCors(undefined, methods);
  return createHandler({ methods, cors, logger, metrics, name: 'admin', handle });
}

function requireKey(request: Request, key: string): void {
  const given = readAuthorization(request);
  if (given?.scheme === 'bearer' && equalSecrets(given.token, key)) return;
  throw new Problem('unauthenticated', 'The request has no valid key.', {
    hint: 'Send the key of the option as a Bearer token.',
  });
}

/** Those whose target has the named members. */
function narrowed(all: readonly Revocation[], query: URLSearchParams): Revocation[] {
  const [user, jti, stream] = ['user', 'jti', 'stream'].map((name) => query.get(name));
  return all.filter(
    (each) =>
      (user ?? each.user) === each.user &&
      (jti ?? each.jti) === each.jti &&
      (stream ?? each.stream) === each.stream,
  );
}

const optionNames: OptionNames<RevocationHandlerOptions> = {
  revocations: true,
  key: true,
  now: true,
  logger: true,
  metrics: true,
};
