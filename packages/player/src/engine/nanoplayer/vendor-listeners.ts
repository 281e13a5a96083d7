import type { EngineReport } from '../engine.js';
import type { EntrySelection } from './entry-selection.js';
import type { EntryTokens } from './entry-tokens.js';
import type { FailureListeners } from './failure-handler.js';
import type { PlayState } from './play-state.js';
import type { TokenRenewal } from './token-renewal.js';
import type { UpdateQueue } from './update-queue.js';
import type { VendorEventData, VendorListener } from './vendor-player.js';

/** What the events of the vendor's player change. */
export interface VendorListenerParts {
  readonly selection: () => EntrySelection;
  readonly tokens: EntryTokens;
  readonly renewal: TokenRenewal;
  readonly playState: PlayState;
  readonly updates: UpdateQueue;
  /** Is the player between two sources? */
  readonly isChanging: () => boolean;
  /** Gives the player the whole source again, with fresh tokens. */
  readonly update: () => void;
  /** @param config - as the player has completed it */
  readonly onReady: (config: unknown) => void;
  readonly adoptMedia: (media: Element | null) => void;
  /** Is called after what the event changes. */
  readonly observe: (name: string, data: VendorEventData) => void;
  readonly failures: FailureListeners;
  readonly report: (report: EngineReport | null) => void;
  readonly note: (name: string, details: Record<string, unknown>) => void;
}

const ignore = (): void => undefined;
/** Events that change the media state only. */
const onlyObserved: Readonly<Record<string, (data: VendorEventData) => void>> = Object.fromEntries(
  [
    'Stats',
    'Mute',
    'Unmute',
    'VolumeChange',
    'StreamInfo',
    'StreamInfoUpdate',
    'StartBuffering',
    'StopBuffering',
  ].map((name) => [`on${name}`, ignore]),
);

/** Creates the listeners for the vendor's player; none is called after `signal` aborts. */
export function createVendorListeners(
  parts: VendorListenerParts,
  signal: AbortSignal,
): Record<string, VendorListener> {
  return Object.fromEntries(
    Object.entries({ ...onlyObserved, ...createHandlers(parts) }).map(
      ([name, handler]): [string, VendorListener] => [
        name,
        ({ data = {} }) => {
          if (signal.aborted) return;
          handler(data);
          parts.observe(name, data);
        },
      ],
    ),
  );
}

function createHandlers({
  selection,
  tokens,
  renewal,
  playState,
  updates,
  isChanging,
  update,
  onReady,
  adoptMedia,
  failures,
  report,
  note,
}: VendorListenerParts): Readonly<Record<string, (data: VendorEventData) => void>> {
  return {
    onReady: ({ config }) => {
      onReady(config);
    },
    onPlay: () => {
      renewal.end();
      tokens.accepted(selection().stream);
      playState.onPlay();
      failures.onPlay();
    },
    onPause: ({ reason = '' }) => {
      note('pause', { reason });
      // The player waits before it connects again, and then uses the latest source it was given.
      if (reason === 'reconnectionimminent' && tokens.isAnyOld()) update();
      playState.onPause(reason);
      failures.onPause(reason);
    },
    onLoading: ({ connectDelay }) => {
      if (connectDelay) note('reconnecting', { connectDelay });
    },
    onError: ({ code }) => {
      failures.onError(code);
    },
    onUpdateSourceInit: (data) => {
      updates.onInit(data);
    },
    onUpdateSourceSuccess: (data) => {
      updates.onSuccess(data);
    },
    onUpdateSourceFail: (data) => {
      updates.onFail(data);
      failures.onUpdateFailed(data.code);
    },
    onUpdateSourceAbort: (data) => {
      updates.onAbort(data);
    },
    onStreamInfo: ({ streamInfo }) => {
      if (!isChanging()) report(selection().onStreamInfo(streamInfo?.rtmp?.streamname));
    },
    onSwitchStreamInit: ({ type, entry }) => {
      if (type !== 'up' && type !== 'down') return;
      updates.onSwitchStarted();
      if (isChanging() || !tokens.isAnyOld()) return;
      // The player switches with the tokens it has: an update after it repeats the switch with fresh ones.
      selection().onSwitchStarted(entry?.index);
      update();
    },
    onSwitchStreamSuccess: ({ entry }) => {
      updates.onSwitchEnded();
      if (!isChanging()) report(selection().onSwitched(entry?.index));
    },
    onSwitchStreamFail: ({ code }) => {
      updates.onSwitchEnded();
      note('switch-failed', { code });
    },
    onSwitchStreamAbort: (data) => {
      updates.onSwitchAbort(data);
      updates.onSwitchEnded();
    },
    onActiveVideoElementChange: ({ activeVideoElement }) => {
      adoptMedia(activeVideoElement ?? null);
    },
    onWarning: () => {
      note('warning', {});
    },
  };
}
