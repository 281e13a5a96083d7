import type { OverlayPlayer } from '../overlay-host.js';
import { keyAction, type KeyAction, type KeyPlace } from './key-action.js';

const LEAST_RATE = 0.25;
const HIGHEST_RATE = 2;

/** What the keyboard does through the skin's own elements. */
export interface KeyboardHost {
  readonly player: OverlayPlayer;
  /** Media time that a live stream may be played to; `null` for any other. */
  liveEdge(): number | null;
  /** Sends one of media-chrome's requests. */
  request(type: 'fullscreen' | 'captions'): void;
  /** Shows the skin for a while, as a moved pointer does. */
  wake(): void;
}

/** Gives the player the keys of the big players while the focus is in it. */
export function listenToKeys(host: KeyboardHost, signal: AbortSignal): void {
  host.player.addEventListener(
    'keydown',
    (event) => {
      const place = placeOf(event.composedPath(), host.player);
      const action = !event.defaultPrevented && place !== null ? keyAction(event, place) : null;
      if (!action) return;
      event.preventDefault();
      host.wake();
      act(host, action);
    },
    { signal },
  );
}

/** Where the focus is; `null` where keys must not control the player. */
function placeOf(path: readonly EventTarget[], player: OverlayPlayer): KeyPlace | null {
  const inside = path.slice(0, path.indexOf(player)).filter((target) => target instanceof HTMLElement);
  let place: KeyPlace = 'elsewhere';
  for (const element of inside) {
    const { localName } = element;
    const isText = /^(?:textarea|select)$/.test(localName) || element.isContentEditable;
    const isField = element instanceof HTMLInputElement && element.type !== 'range';
    if (isText || isField || element.getAttribute('role')?.startsWith('menu')) return null;
    if (localName === 'media-volume-range') place = 'volume';
    else if (localName === 'button' || element.getAttribute('role') === 'button') place = 'button';
  }
  return place;
}

function act(host: KeyboardHost, action: KeyAction): void {
  const { player } = host;
  switch (action.kind) {
    case 'toggle-play':
      if (!player.paused) player.pause();
      // What prevents it is told by the player itself.
      else player.play().catch(() => undefined);
      break;
    case 'toggle-mute':
      player.muted = !player.muted;
      break;
    case 'toggle-fullscreen':
      host.request('fullscreen');
      break;
    case 'toggle-captions':
      host.request('captions');
      break;
    case 'volume-by':
      player.volume = clamp(player.volume + action.step, 0, 1);
      if (action.step > 0) player.muted = false;
      break;
    case 'rate-by':
      player.playbackRate = clamp(player.playbackRate + action.step, LEAST_RATE, HIGHEST_RATE);
      break;
    case 'seek-by':
      seek(host, () => player.currentTime + action.seconds);
      break;
    case 'seek-to':
      seek(host, (start, end) => start + action.share * (end - start));
      break;
    default:
      action satisfies never;
  }
}

function seek(host: KeyboardHost, target: (start: number, end: number) => number): void {
  const { player } = host;
  const { seekable } = player;
  if (seekable.length === 0) return;
  const start = seekable.start(0);
  // Never past what may be played of a live stream.
  const end = host.liveEdge() ?? seekable.end(seekable.length - 1);
  player.currentTime = clamp(target(start, end), start, Math.max(start, end));
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
