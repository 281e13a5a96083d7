import { GatecastError } from '@gatecast/token';
import type { SecurePlayer } from '../secure-player.js';
import type { EmbedCommand, EmbedProblem, EmbedSource, EmbedState, FrameMessage } from './embed-messages.js';

/** The members of `<secure-player>` that an embed page uses. */
export type EmbedPlayer = Pick<
  SecurePlayer,
  | 'src'
  | 'source'
  | 'stream'
  | 'tokenSource'
  | 'tokenUrl'
  | 'tokenCredentials'
  | 'play'
  | 'pause'
  | 'refreshToken'
  | 'paused'
  | 'ended'
  | 'muted'
  | 'volume'
  | 'currentTime'
  | 'duration'
  | 'readyState'
  | 'addEventListener'
>;

/** Media events after which the page around the frame gets the state. */
const STATE_EVENTS = ['play', 'playing', 'pause', 'waiting', 'ended', 'volumechange', 'loadeddata', 'seeked'];
/** With playback, the state is sent each second of it. */
const STATE_STEP_S = 1;

/** Reports what the player does. Ends with the signal. */
export function reportPlayer(
  player: EmbedPlayer,
  send: (message: FrameMessage) => void,
  signal: AbortSignal,
): void {
  let sentAtS = 0;
  const sendState = () => {
    sentAtS = player.currentTime;
    send({ type: 'state', state: stateOf(player) });
  };
  for (const type of STATE_EVENTS) player.addEventListener(type, sendState, { signal });
  player.addEventListener(
    'timeupdate',
    () => {
      if (Math.abs(player.currentTime - sentAtS) >= STATE_STEP_S) sendState();
    },
    { signal },
  );
  player.addEventListener(
    'secure-token-refreshed',
    ({ stream, reason, expiresAtMs }) => {
      send({ type: 'token-refreshed', stream, reason, expiresAtMs });
    },
    { signal },
  );
  player.addEventListener(
    'secure-token-failed',
    ({ stream, error, willRetryInMs }) => {
      send({ type: 'token-failed', stream, problem: problemOf(error), willRetryInMs });
    },
    { signal },
  );
  player.addEventListener(
    'secure-error',
    ({ error }) => {
      send({ type: 'error', problem: problemOf(error) });
    },
    { signal },
  );
  sendState();
}

function stateOf(player: EmbedPlayer): EmbedState {
  const { paused, ended, muted, volume, currentTime, duration, readyState } = player;
  return {
    ...{ paused, ended, muted, volume, currentTime, readyState },
    duration: Number.isFinite(duration) ? duration : null,
  };
}

/** What an error says of itself in a message: never a token, a query or the cause. */
export function problemOf(error: unknown): EmbedProblem {
  if (error instanceof GatecastError) {
    const { code, message, hint, retryable, status = null } = error;
    return { code, message, hint, retryable, status };
  }
  // Of the browser, such as NotAllowedError of play(). Its text could have an address.
  const code = error instanceof DOMException ? error.name : 'embed-command-failed';
  return { code, message: 'The player refused.', hint: HINTS[code] ?? '', retryable: false, status: null };
}

const HINTS: Readonly<Record<string, string>> = {
  NotAllowedError: 'Add allow="autoplay" to the iframe, and mute the player or play after a click.',
};

/** Plays addresses of a stream that come from outside. @throws GatecastError if one is not allowed. */
export type LoadSource = (source: EmbedSource) => void;

/** Runs a command of the page around the frame. @returns why it failed, or null. */
export async function runCommand(
  player: EmbedPlayer,
  command: EmbedCommand,
  load: LoadSource,
): Promise<EmbedProblem | null> {
  try {
    await run(player, command, load);
    return null;
  } catch (error) {
    return problemOf(error);
  }
}

async function run(player: EmbedPlayer, command: EmbedCommand, load: LoadSource): Promise<void> {
  switch (command.name) {
    case 'play':
      return player.play();
    case 'pause':
      player.pause();
      return;
    case 'set-muted':
      player.muted = command.muted;
      return;
    case 'refresh-token':
      return player.refreshToken(command.stream);
    case 'load':
      load(command);
      return;
  }
}
