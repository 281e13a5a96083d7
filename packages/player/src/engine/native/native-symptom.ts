import { GatecastError } from '@gatecast/token';

/** How a native engine shows that it has failed; often it shows nothing, and media time just stands still. */
export type NativeSymptom =
  /** Media time or pictures stand still while they should not. */
  | { readonly kind: 'stalled' }
  /** `MediaError.code`: native engines say 4 for a refused segment, and no status. */
  | { readonly kind: 'media-error'; readonly code: number };

/** What a `fetch` of the playlist told, which the media element does not. */
export type PlaylistProbe =
  | { readonly kind: 'ok'; readonly hasEnded: boolean }
  | { readonly kind: 'failed'; readonly error: GatecastError };

/** The failure behind a symptom; `null` when there is none, because the stream has simply ended. */
export function diagnose(symptom: NativeSymptom, probe: PlaylistProbe): GatecastError | null {
  if (probe.kind === 'failed') return probe.error;
  switch (symptom.kind) {
    case 'stalled':
      if (probe.hasEnded) return null;
      return new GatecastError('playback-stalled', 'The browser’s own HLS player stands still.', {
        hint: 'Check the segments of the stream in the media origin’s log; where the browser has Media Source Extensions, engine="auto" recovers without a reload.',
        retryable: true,
      });
    case 'media-error':
      return new GatecastError(
        'media-failed',
        `The browser’s own HLS player gave up (media error ${symptom.code}).`,
        {
          hint: 'A segment was refused, or its codec is unknown: look at the media origin’s log. Segments on another origin need CORS headers.',
          retryable: true,
        },
      );
  }
}
