export { observePlayback, type ObserveOptions, type ObservedPlayer } from './analytics/observe-playback.js';
export type {
  ObservationContext,
  ObservedEvent,
  PlaybackObservation,
  ViewEndReason,
  ViewTotals,
} from './analytics/playback-observation.js';
