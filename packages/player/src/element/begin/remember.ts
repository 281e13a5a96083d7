import { Remembered, type RememberedVolume } from './remembered.js';

/** The player, as far as it is remembered. */
export interface RememberedPlayer {
  readonly remember: string;
  readonly duration: number;
  readonly currentTime: number;
  volume: number;
  muted: boolean;
  addEventListener(type: string, listener: (event: Event) => void, options: { signal: AbortSignal }): void;
}

/** Between two writes while it plays. */
const WRITE_EVERY_MS = 5000;

/** The storage of the page; `null` where the browser refuses it. */
function openStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/**
 * Remembers the volume and the position of recordings, and restores the volume.
 *
 * @param stream - name of the stream that plays. The address is never written: it may contain a token.
 * @param signal - aborts when the source is unloaded.
 * @returns seconds of media time at which the recording was left; `null` if there is none.
 */
export function remember(
  player: RememberedPlayer,
  stream: () => string | undefined,
  signal: AbortSignal,
  remembered: Remembered | null = openRemembered(),
): number | null {
  if (!remembered) return null;
  const what = player.remember.split(/\s+/);
  if (what.includes('volume')) rememberVolume(player, remembered, signal);
  if (!what.includes('position')) return null;
  const name = stream();
  const position = name === undefined ? null : remembered.position(name);
  rememberPosition(player, stream, remembered, signal);
  return position;
}

function openRemembered(): Remembered | null {
  const storage = openStorage();
  return storage && new Remembered(storage);
}

function rememberVolume(player: RememberedPlayer, remembered: Remembered, signal: AbortSignal): void {
  const saved = remembered.volume();
  if (saved) {
    player.volume = saved.volume;
    // A player that the page has muted stays muted: the browser might not let it play otherwise.
    if (saved.muted) player.muted = true;
  }
  let last: RememberedVolume = { volume: player.volume, muted: player.muted };
  player.addEventListener(
    'volumechange',
    () => {
      const { volume, muted } = player;
      // The page’s own values cause the event, too.
      if (volume === last.volume && muted === last.muted) return;
      last = { volume, muted };
      remembered.setVolume(last);
    },
    { signal },
  );
}

function rememberPosition(
  player: RememberedPlayer,
  stream: () => string | undefined,
  remembered: Remembered,
  signal: AbortSignal,
): void {
  let writtenAtMs = -Infinity;
  let last: { name: string; timeS: number; durationS: number } | null = null;
  const write = (): void => {
    if (last) remembered.setPosition(last.name, last.timeS, last.durationS);
    last = null;
  };
  const see = ({ type, timeStamp }: Event): void => {
    const name = stream();
    const { currentTime: timeS, duration: durationS } = player;
    if (name === undefined || !Number.isFinite(durationS)) return;
    last = { name, timeS, durationS };
    if (type === 'timeupdate' && timeStamp - writtenAtMs < WRITE_EVERY_MS) return;
    writtenAtMs = timeStamp;
    write();
  };
  for (const type of ['timeupdate', 'pause', 'ended']) player.addEventListener(type, see, { signal });
  // The last one that is sure to come.
  addEventListener('pagehide', write, { signal });
  signal.addEventListener('abort', write, { once: true });
}
