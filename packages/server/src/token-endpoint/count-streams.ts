import type { Grant } from '../grant/grant.js';
import type { HandleContext } from '../http/create-handler.js';
import { Problem } from '../http/problem.js';
import { claimStreams, type ConcurrentStreamsOptions } from '../limits/concurrent-streams.js';
import { readPlaybackSession } from '../limits/playback-session.js';
import type { GuardedStore } from '../limits/store-policy.js';
import type { IssuedStream } from './issue-tokens.js';

/**
 * Counts the streams of a playback grant until their tokens expire. The session cookie is also set if they are too many, so
 * that a second attempt is not a new device.
 *
 * @returns the device or the playback session.
 * @throws Problem `too-many-streams`; `issuer-parameter-invalid` for a token without an end, which would count forever.
 */
export async function countStreams(
  options: ConcurrentStreamsOptions,
  guard: GuardedStore,
  { user, device }: Grant,
  issued: readonly IssuedStream[],
  nowMs: number,
  request: Request,
  context: HandleContext,
): Promise<string> {
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
  const claim = { user, streams, nowMs, untilMs };
  if (device !== undefined) {
    await claimStreams(options, guard, { ...claim, viewer: { device } });
    return device;
  }
  const session = readPlaybackSession(options.sessionCookie ?? {}, request, context);
  context.setCookies.push(session.setCookie);
  await claimStreams(options, guard, { ...claim, viewer: { session } });
  return session.id;
}
