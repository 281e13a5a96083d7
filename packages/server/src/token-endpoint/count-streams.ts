import type { RefreshReason } from '@gatecast/contract';
import type { Grant } from '../grant/grant.js';
import type { HandleContext } from '../http/create-handler.js';
import { Problem } from '../http/problem.js';
import { claimStreams, type ConcurrentStreamsOptions } from '../limits/concurrent-streams.js';
import { readPlaybackSession } from '../limits/playback-session.js';
import type { GuardedStore } from '../limits/store-policy.js';
import type { IssuedStream } from './issue-tokens.js';

/** What counting has led to. */
export interface CountedStreams {
  /** The device or the playback session. */
  readonly session: string;
  /** Have other streams of the user lost their place? */
  readonly hasTaken: boolean;
}

/**
 * Counts the streams of a playback grant until their tokens expire. The session cookie is also set if they are too many, so
 * that a second attempt is not a new device.
 *
 * @throws Problem `concurrent-limit`, `moved`; `issuer-parameter-invalid` for a token without an end, which would count forever.
 */
export async function countStreams(
  options: ConcurrentStreamsOptions,
  guard: GuardedStore,
  { user, device }: Grant,
  issued: readonly IssuedStream[],
  nowMs: number,
  reason: RefreshReason,
  request: Request,
  context: HandleContext,
): Promise<CountedStreams> {
  const streams = issued.map(({ item }) => item.stream);
  const untilMs = Math.max(...issued.map(({ grant }) => grant.expiresAt)) * 1000;
  if (untilMs === Infinity)
    throw new Problem(
      'issuer-parameter-invalid',
      'A token without an end cannot count as a concurrent stream.',
      {
        hint: 'Set ttlSeconds of the issuer to a number of seconds, or return ttlSeconds from authorize.',
      },
    );
  const isStart = reason === 'initial' || reason === 'manual';
  const claim = { user, streams, nowMs, untilMs, isStart };
  if (device !== undefined) {
    const hasTaken = await claimStreams(options, guard, { ...claim, viewer: { device } });
    return { session: device, hasTaken };
  }
  const session = readPlaybackSession(options.sessionCookie ?? {}, request, context);
  context.setCookies.push(session.setCookie);
  const hasTaken = await claimStreams(options, guard, { ...claim, viewer: { session } });
  return { session: session.id, hasTaken };
}
