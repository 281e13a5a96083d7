import type { BroadcastState, SecureWebcaster } from '@gatecast/webcaster';
import type { HappeningList, HappeningTone } from './happening-list.js';
import type { TimelineRecord } from './timeline-record.js';

export interface TellBroadcastOptions {
  readonly record: TimelineRecord;
  readonly list: HappeningList;
  readonly signal: AbortSignal;
}

const sentences: Readonly<Record<BroadcastState, readonly [words: string, tone: HappeningTone]>> = {
  idle: ['Camera and microphone are free', 'plain'],
  preview: ['Preview', 'plain'],
  connecting: ['Connecting to the ingest', 'plain'],
  live: ['On air', 'good'],
  reconnecting: ['Connection lost, reconnecting', 'warn'],
  failed: ['The broadcast has failed', 'bad'],
  stopped: ['Off air', 'plain'],
};

/** Writes the states of a broadcast down, on the timeline and in words. */
export function tellBroadcast(
  webcaster: SecureWebcaster,
  { record, list, signal }: TellBroadcastOptions,
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
