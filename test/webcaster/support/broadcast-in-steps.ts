import '@gatecast/webcaster/define';
import { EventLog } from '@gatecast/element';
import { GatecastError } from '@gatecast/token';
import { readSettings } from '@gatecast/webcaster/internal/broadcast/broadcast-settings';
import { BroadcastTokens } from '@gatecast/webcaster/internal/broadcast/broadcast-tokens';
import { LiveSession } from '@gatecast/webcaster/internal/broadcast/live-session';
import { readCaptureRequest } from '@gatecast/webcaster/internal/capture/capture-request';
import { createPublisher, type PublisherName } from '@gatecast/webcaster/internal/publisher/registry';
import { backendOrigin } from '../../support/backend.js';
import { FakeClock } from '../../support/fake-clock.js';
import { HANG_LIMIT_MS, pause } from '../../support/wait.js';
import { freshStream } from './webcaster-fixture.js';

/** Longest time without a connection, in milliseconds of the test's clock. */
export const RECONNECT_FOR_MS = 30_000;

/**
 * `limits`: nothing can happen but the end of a time limit, so time passes fast. `browser`: the browser works on a
 * connection, so time passes as it does in the browser.
 */
export type Pace = 'limits' | 'browser';

export interface BroadcastInSteps {
  readonly stream: string;
  /** `state:reason` of each change of the broadcast; of a failure, its code. */
  readonly states: readonly string[];
  /** Time since the start, in milliseconds of the test's clock. */
  readonly elapsedMs: number;
  /** Pending alarms and listeners of the test's clock. */
  readonly pending: number;
  /** Moves the clock until the condition holds. */
  until(condition: () => boolean, what: string, pace: Pace): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a broadcast with a real publisher and a clock that the test moves, so that time limits take no time. What the
 * browser does by itself (requests, ICE, encoders) still takes real time.
 *
 * @param isBusy - is a request or a negotiation pending? The clock stands still meanwhile.
 */
export async function startInSteps(
  name: PublisherName,
  attributes: Record<string, string>,
  isBusy: () => boolean,
): Promise<BroadcastInSteps> {
  const host = document.createElement('secure-webcaster');
  const stream = freshStream();
  const all = { stream, 'token-url': `${backendOrigin()}/api/tokens`, ...attributes };
  for (const [key, value] of Object.entries(all)) host.setAttribute(key, value);
  const settings = () => readSettings(host, document.baseURI);
  const fake = new FakeClock();
  const { clock } = fake;
  const startMs = clock.now();
  const states: string[] = [];
  const log = () => undefined;
  const tokens = new BroadcastTokens({
    host,
    log: new EventLog(),
    settings: () => settings().tokens,
    onRefreshed: () => undefined,
    onEnded: () => undefined,
  });
  tokens.hold();
  const publisher = await createPublisher(name, {
    host,
    tokens,
    clock,
    target: () => settings().target,
    captureRequest: () => readCaptureRequest(host),
    log,
  });
  const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320 } });
  const live = new LiveSession({
    publisher,
    media,
    clock,
    random: () => 0.5,
    reconnectForMs: () => RECONNECT_FOR_MS,
    prepareReconnect: (signal) => tokens.retryNow(signal),
    onLive: (reason) => states.push(`live:${reason}`),
    onInterrupted: (reason) => states.push(`reconnecting:${reason}`),
    onFailed: ({ code }) => states.push(`failed:${code}`),
    log,
  });
  live.start().catch((error: unknown) => {
    if (error instanceof GatecastError) states.push(`failed:${error.code}`);
  });
  return {
    stream,
    states,
    get elapsedMs() {
      return clock.now() - startMs;
    },
    get pending() {
      return clock.pending;
    },
    until: async (condition, what, pace) => {
      const endsAtMs = performance.now() + HANG_LIMIT_MS;
      let beforeMs = performance.now();
      while (!condition()) {
        if (performance.now() > endsAtMs) throw new Error(`Waited for ${what}; ${states.join(', ')}`);
        await pause(10);
        const nowMs = performance.now();
        if (!isBusy()) await fake.advance(pace === 'limits' ? 250 : nowMs - beforeMs);
        beforeMs = nowMs;
      }
    },
    stop: async () => {
      await live.stop();
      publisher.dispose();
      tokens.release();
      for (const track of media.getTracks()) track.stop();
    },
  };
}
