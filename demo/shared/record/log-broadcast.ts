import type { BroadcastState, MediaStatus, SecureWebcaster } from '@gatecast/webcaster';
import type { EventLog, EventTone } from './event-log.js';

export interface LogBroadcastOptions {
  readonly log: EventLog;
  readonly signal: AbortSignal;
}

const sentences: Readonly<Record<BroadcastState, readonly [words: string, tone: EventTone]>> = {
  idle: ['Camera and microphone released', 'plain'],
  preview: ['Preview', 'plain'],
  connecting: ['Connecting to the ingest', 'plain'],
  live: ['Live', 'good'],
  reconnecting: ['Connection lost, reconnecting', 'warn'],
  failed: ['Broadcast failed', 'bad'],
  stopped: ['Stopped', 'plain'],
};

const mediaWords: Readonly<Record<MediaStatus, readonly [words: string, tone: EventTone]>> = {
  off: ['off', 'plain'],
  on: ['on', 'plain'],
  lost: ['lost', 'warn'],
  replaced: ['from another device', 'warn'],
  refused: ['refused by the ingest', 'warn'],
};

/** Logs the states of a broadcast and of its sound and video. */
export function logBroadcast(webcaster: SecureWebcaster, { log, signal }: LogBroadcastOptions): void {
  webcaster.addEventListener(
    'secure-broadcast-state',
    ({ state, reason }) => {
      const [words, tone] = sentences[state];
      log.add(`${words} (${reason})`, tone);
    },
    { signal },
  );
  webcaster.addEventListener(
    'secure-broadcast-media',
    ({ kind, status, reason }) => {
      const [words, tone] = mediaWords[status];
      log.add(`${kind === 'audio' ? 'Audio' : 'Video'} ${words} (${reason})`, tone);
    },
    { signal },
  );
  webcaster.addEventListener(
    'secure-sending-changed',
    ({ reason, message }) => log.add(message, reason === null ? 'good' : 'warn'),
    { signal },
  );
  webcaster.addEventListener(
    'secure-broadcast-on-air',
    ({ isOnAir, reason }) => {
      if (reason !== 'stopped')
        log.add(
          `${isOnAir ? 'On air' : 'Not on air'}, says the ingest (${reason})`,
          isOnAir ? 'good' : 'warn',
        );
    },
    { signal },
  );
  webcaster.addEventListener(
    'secure-broadcast-check',
    ({ report }) => {
      if (report) log.add(`Check: ${report.message}`, report.verdict === 'ready' ? 'good' : 'warn');
    },
    { signal },
  );
}
