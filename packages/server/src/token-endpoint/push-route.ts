import type { TokenPurpose } from '@gatecast/contract';
import type { HandleContext } from '../http/create-handler.js';
import type { Metrics } from '../http/metrics.js';
import { Problem } from '../http/problem.js';
import { streamedResponse } from '../http/text-response.js';
import { addressKey } from '../limits/address-key.js';
import { missingAddressWarning } from '../limits/missing-address.js';
import type { Revocations } from '../revocation/revocations.js';
import { authorizeGrant, type AuthorizeGrantOptions } from './authorize-grant.js';
import { EventListeners } from './event-listeners.js';
import { parseTokenRequest } from './parse-token-request.js';
import { pushLimits, type PushOptions } from './push-options.js';

export interface PushRouteOptions {
  readonly push: PushOptions | true;
  readonly revocations: Revocations;
  readonly authorization: Pick<AuthorizeGrantOptions, 'authorize' | 'logger' | 'now'>;
  readonly requireIssuer: (purpose: TokenPurpose) => unknown;
  /** Counts the request for its address. */
  readonly limitAddress: (context: HandleContext, points: number) => Promise<void>;
  /** Counts the request for its user. */
  readonly limitUser: (user: string | undefined, points: number) => Promise<void>;
  readonly maxStreams: number;
  readonly metrics: Metrics;
  readonly now: () => number;
}

/**
 * Creates the `GET` of the token endpoint: `?purpose=playback&stream=a&stream=b` with `Accept: text/event-stream`. It asks the same
 * `authorize` as a token request, and sends `off`, `on` and `check`. Streams that are off already are told at once.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function createPushRoute(options: PushRouteOptions) {
  const { revocations, authorization, requireIssuer, limitAddress, limitUser, maxStreams, metrics, now } =
    options;
  const warnWithoutAddress = missingAddressWarning(true, authorization.logger, 'push.maxPerAddress');
  const listeners = new EventListeners(revocations, pushLimits(options.push), metrics, now);

  return async (request: Request, context: HandleContext): Promise<Response> => {
    requireEvents(request);
    const { searchParams } = new URL(request.url);
    const question = parseTokenRequest(
      { purpose: searchParams.get('purpose'), streams: searchParams.getAll('stream') },
      maxStreams,
    );
    const { clientAddress, requestId } = context;
    warnWithoutAddress(clientAddress);
    const from = clientAddress === undefined ? undefined : addressKey(clientAddress);
    // Before authorize, which may query a database.
    listeners.requirePlace({ addressKey: from });
    await limitAddress(context, 1);
    requireIssuer(question.purpose);
    const withoutRevocation = { ...authorization, isRevoked: undefined, revocations: undefined };
    const { user, streams } = await authorizeGrant(withoutRevocation, request, question, requestId);
    if (streams.length === 0) throw new Problem('forbidden', 'The caller may not access these streams.');
    await limitUser(user, 1);
    const grantId = await revocations.newGrantId(user);
    const caller = {
      ...{ user, addressKey: from, grantId },
      streams: streams.map(({ stream }) => stream),
      endsAt: Math.min(...streams.map(({ expiresAt = Infinity }) => expiresAt)),
    };
    listeners.requirePlace(caller);
    return streamedResponse(listeners.open(caller), {
      headers: {
        'Content-Type': 'text/event-stream',
        // A proxy that compresses or buffers would hold events back.
        'Cache-Control': 'no-store, no-transform',
        'X-Accel-Buffering': 'no',
      },
    });
  };
}

function requireEvents(request: Request): void {
  const accepted = request.headers.get('Accept') ?? '';
  if (/(?:^|,)\s*text\/event-stream\s*(?:[;,]|$)/i.test(accepted)) return;
  throw new Problem('method-not-allowed', 'This route accepts GET for events only.', {
    headers: { Allow: 'POST, GET, OPTIONS' },
    hint: 'Request tokens with POST, or send Accept: text/event-stream.',
  });
}
