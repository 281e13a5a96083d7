import { GatecastError } from '@gatecast/token';
import type { NativeAddress } from './native-address.js';

/** The sign of a failure of a native player; often there is no event, and media time just stops. */
export type NativeSymptom =
  /** Media time or pictures do not advance although they should. */
  | { readonly kind: 'stalled' }
  /** `MediaError.code`: native players give 4 for a refused segment, and no HTTP status. */
  | { readonly kind: 'media-error'; readonly code: number };

/** The result of a `fetch` of the playlist, which the media element does not report. */
export type PlaylistProbe =
  | { readonly kind: 'ok'; readonly hasEnded: boolean }
  | { readonly kind: 'failed'; readonly error: GatecastError };

/** Requests the playlist again, to learn more about a failure. */
export async function probePlaylist(address: NativeAddress, signal: AbortSignal): Promise<PlaylistProbe> {
  try {
    const { isLive } = await address.inspect(signal);
    return { kind: 'ok', hasEnded: !isLive };
  } catch (error) {
    if (error instanceof GatecastError) return { kind: 'failed', error };
    // The request took too long or was aborted: the symptom itself tells more.
    return { kind: 'ok', hasEnded: false };
  }
}

/** The error that caused a symptom; `null` if there is none, because the stream has ended. */
export function diagnose(symptom: NativeSymptom, probe: PlaylistProbe): GatecastError | null {
  if (probe.kind === 'failed') return probe.error;
  switch (symptom.kind) {
    case 'stalled':
      if (probe.hasEnded) return null;
      return new GatecastError('playback-stalled', 'The browser’s own HLS player has stalled.', {
        hint: 'Check the stream’s segments in the log of the media origin. Where the browser has Media Source Extensions, set engine="auto", which recovers without loading the source again.',
        retryable: true,
      });
    case 'media-error':
      return new GatecastError(
        'media-failed',
        `The browser’s own HLS player stopped with media error ${symptom.code}.`,
        {
          hint: 'A segment was refused, or the browser cannot decode it: check the log of the media origin and how the stream is encoded. Segments on another origin need CORS headers.',
          retryable: true,
        },
      );
  }
}
