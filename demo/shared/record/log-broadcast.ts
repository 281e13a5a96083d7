import type { BroadcastState, SecureWebcaster } from '@gatecast/webcaster';
import type { EventList, EventTone } from './event-list.js';
import type { TimelineRecord } from './timeline-record.js';

export interface LogBroadcastOptions {
  readonly record: TimelineRecord;
  readonly list: EventList;
  readonly signal: AbortSignal;
}

const sentences: Readonly<Record<BroadcastState, readonly [words: string, tone: EventTone]>> = {
  idle: ['Camera and microphone are free', 'plain'],
  preview: ['Preview', 'plain'],
  connecting: ['Connecting to the ingest', 'plain'],
  live: ['On air', 'good'],
  reconnecting: ['Connection lost, reconnecting', 'warn'],
  failed: ['The broadcast has failed', 'bad'],
  stopped: ['Off air', 'plain'],
};

/** Writes the states of a broadcast down, on the timeline and in words. */
export function logBroadcast(
  webcaster: SecureWebcaster,
  { record, list, signal }: LogBroadcastOptions,
): void {
  record.setBroadcast(webcaster.state, Date.now());
  webcaster.addEventListener(
    'secure-broadcast-state',
    ({ state, reason }) => {
      const [words, tone] = sentences[state];
      record.setBroadcast(state, Date.now());
      list.add(`${words} (${reason})`, tone);
    },
    { signal },
  );
}
