import type { Cancel, Clock } from '@gatecast/token';

/** How a device stopped giving media: it is gone, or the system or another program holds it back for now. */
export type SourceLoss = 'ended' | 'muted';

/** Browsers mute a track for a moment when they change a device. */
const MUTE_LIMIT_MS = 1000;
/** A camera needs longer for its first frame. */
const FIRST_MEDIA_LIMIT_MS = 3000;

export interface SourceEvents {
  onLost(loss: SourceLoss): void;
  /** Only after `muted`: a track that has ended never comes back. */
  onBack(): void;
}

/**
 * Follows whether the source of a track gives media, until the signal aborts. It reports nothing after `stop()`.
 *
 * @see https://www.w3.org/TR/mediacapture-streams/#life-cycle-and-media-flow
 */
export function watchSource(
  track: MediaStreamTrack,
  events: SourceEvents,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): void {
  let isLost = false;
  let cancel: Cancel | null = null;
  const stopWaiting = () => {
    cancel?.();
    cancel = null;
  };
  const onMute = (limitMs: number) => {
    stopWaiting();
    cancel = clock.at(clock.now() + limitMs, () => {
      isLost = true;
      events.onLost('muted');
    });
  };
  const onUnmute = () => {
    stopWaiting();
    if (!isLost) return;
    isLost = false;
    events.onBack();
  };
  const onEnded = () => {
    stopWaiting();
    events.onLost('ended');
  };
  const onEndedBefore = () => {
    if (!signal.aborted) onEnded();
  };
  track.addEventListener('mute', () => onMute(MUTE_LIMIT_MS), { signal });
  track.addEventListener('unmute', onUnmute, { signal });
  track.addEventListener('ended', onEnded, { signal });
  signal.addEventListener('abort', stopWaiting, { once: true });
  // While another device was asked for, for example. Nothing dispatches the event again.
  if (track.readyState === 'ended') queueMicrotask(onEndedBefore);
  else if (track.muted) onMute(FIRST_MEDIA_LIMIT_MS);
}
