import { delay, type Clock } from '@gatecast/token';
import { noMedia } from './whep-errors.js';

/** A server may have a key frame only every few seconds. */
const LIMIT_MS = 8000;
/** Then sound alone will do, if not a packet of a picture has come. A session has waited for a second before. */
const SOUND_ALONE_AFTER_MS = 4000;
const POLL_MS = 50;

/**
 * Waits until a picture is decoded, without the media element, which plays something else.
 *
 * @param tracks - those that the server may send
 * @throws GatecastError if packets come of which no picture is decoded. Otherwise the signal's reason.
 */
export async function whenDecoded(
  peer: Pick<RTCPeerConnection, 'getStats'>,
  tracks: () => readonly MediaStreamTrack[],
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const startMs = clock.now();
  for (let elapsedMs = 0; elapsedMs < LIMIT_MS; elapsedMs = clock.now() - startMs) {
    const videos = tracks().filter(({ kind }) => kind === 'video');
    const isSoundAlone = elapsedMs >= SOUND_ALONE_AFTER_MS && videos.every(({ muted }) => muted);
    if (videos.length === 0 || isSoundAlone || hasPicture(await peer.getStats())) return;
    await delay(clock, POLL_MS, signal);
  }
  throw noMedia();
}

/** Has a picture been decoded? */
export function hasPicture(report: RTCStatsReport): boolean {
  let frames = 0;
  report.forEach(({ type, framesDecoded }: RTCStats & { readonly framesDecoded?: unknown }) => {
    if (type === 'inbound-rtp' && typeof framesDecoded === 'number') frames += framesDecoded;
  });
  return frames > 0;
}
