import type { StreamTokens } from '@gatecast/element';
import type { EngineReport } from '@gatecast/player/internal/engine/engine';
import { EntryTokens } from '@gatecast/player/internal/engine/nanoplayer/entry-tokens';
import { FailureHandler } from '@gatecast/player/internal/engine/nanoplayer/failure-handler';
import { PlayState } from '@gatecast/player/internal/engine/nanoplayer/play-state';
import { TokenRenewal } from '@gatecast/player/internal/engine/nanoplayer/token-renewal';
import { resolveSource } from '@gatecast/player/internal/source/resolve-source';
import type { GatecastError, Token } from '@gatecast/token';
import { FakeClock, settle } from '../../support/fake-clock.js';

const SOURCE = resolveSource(
  {
    entries: [
      {
        index: 0,
        stream: 's-0',
        h5live: {
          server: { websocket: 'wss://h5live.example/' },
          rtmp: { url: 'rtmp://play.example/play', streamname: 's-0' },
        },
      },
    ],
  },
  'https://page.example/',
);

interface FailureSetup {
  version?: string;
  /** Answers of the token endpoint to a refused token; the default is a fresh one. */
  rejected?: () => Promise<void>;
  /** With it the waits are the longest ones. */
  random?: number;
  isTokenOld?: boolean;
  /** Is the player set up? @defaultValue true */
  isSetUp?: boolean;
}

/** A handler that plays, and what it does. `log` has one line for each report, update, token request and call of `play()`. */
export async function createHandler({
  version = '5.0.8',
  rejected,
  random = 0,
  isTokenOld = false,
  isSetUp = true,
}: FailureSetup = {}) {
  const log: string[] = [];
  const time = new FakeClock();
  const state = { isOnline: true, isTokenOld, onUpdate: (): void => undefined };
  let lastVersion = 0;
  const token = (stream: string): Token => ({
    stream,
    version: (lastVersion += 1),
    value: `${stream}-${lastVersion}`,
    receivedAtMs: 0,
    expiresAtMs: state.isTokenOld ? 5000 : 3_600_000,
    notBeforeMs: null,
    issuedAtMs: null,
  });
  let held = token('s-0');
  const tokens: StreamTokens = {
    get: () => Promise.resolve(held),
    peek: () => held,
    refresh: () => Promise.resolve(held),
    rejected: async (stream) => {
      log.push('token');
      await rejected?.();
      held = token(stream);
      return held;
    },
    accepted: () => undefined,
    onRefreshed: () => () => undefined,
    leadMs: 60_000,
    now: () => 0,
  };
  const entryTokens = new EntryTokens(SOURCE, tokens);
  const controller = new AbortController();
  await entryTokens.collect(controller.signal);
  entryTokens.apply();
  const errors: GatecastError[] = [];
  const playState = new PlayState();
  playState.isPlaying = true;
  const renewal = new TokenRenewal(entryTokens, time.clock);
  const handler = new FailureHandler({
    host: {
      signal: controller.signal,
      report: (report: EngineReport) => {
        if (report.type === 'note') return;
        if (report.type === 'error') errors.push(report.error);
        log.push(report.type === 'error' ? `error ${report.error.code}` : report.type);
      },
    },
    clock: time.clock,
    tokens: entryTokens,
    renewal,
    playState,
    version: () => version,
    stream: () => 's-0',
    update: () => {
      log.push('update');
      entryTokens.apply();
      state.onUpdate();
    },
    play: () => log.push('play'),
    setEnded: (hasEnded) => {
      if (hasEnded) log.push('ended');
    },
    isOnline: () => state.isOnline,
    random: () => random,
  });
  if (isSetUp) handler.begin();
  const count = (line: string) => log.filter((each) => each === line).length;
  return { handler, time, log, errors, state, playState, renewal, controller, count };
}

export type Fixture = Awaited<ReturnType<typeof createHandler>>;

/** Reports an error as the vendor’s player does: with its pause after it. */
export async function fail({ handler, playState }: Fixture, code: number, pauseReason = 'playbackerror') {
  handler.onError(code);
  playState.onPause(pauseReason);
  handler.onPause(pauseReason);
  await settle();
}

export function play({ handler, renewal, playState }: Fixture): void {
  renewal.end();
  playState.onPlay();
  handler.onPlay();
}
