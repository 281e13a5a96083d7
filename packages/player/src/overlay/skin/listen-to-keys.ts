import type { OverlayPlayer } from '../overlay-host.js';
import { keyAction, type KeyAction, type KeyPlace } from './key-action.js';

const MIN_RATE = 0.25;
const MAX_RATE = 2;

/** The surroundings of the keyboard handling: what it does through the skin's elements. */
export interface KeyboardHost {
  readonly player: OverlayPlayer;
  /** Latest media time of a live stream to seek to; `null` for other streams. */
  liveEdge(): number | null;
  /** Sends one of media-chrome's requests. */
  request(type: 'fullscreen' | 'captions'): void;
  /** Shows where a key has sought to: media time in seconds. */
  sought(timeS: number): void;
  /** Shows the controls for some seconds, as a pointer movement does. */
  wake(): void;
}

/** Handles the keys that are common on video sites while the focus is in the player. */
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

/** Where the focus is; `null` in an element that uses all keys itself. */
function placeOf(path: readonly EventTarget[], player: OverlayPlayer): KeyPlace | null {
  const inside = path.slice(0, path.indexOf(player)).filter(isHtmlElement);
  let place: KeyPlace = 'elsewhere';
  for (const element of inside) {
    const { localName } = element;
    const isText = /^(?:textarea|select)$/.test(localName) || element.isContentEditable;
    const isField = element.matches('input:not([type="range" i])');
    if (isText || isField || /^(?:menu|dialog)/.test(element.getAttribute('role') ?? '')) return null;
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
      // The player reports itself what prevents playback.
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
      player.playbackRate = clamp(player.playbackRate + action.step, MIN_RATE, MAX_RATE);
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
  // Not beyond the live edge.
  const end = host.liveEdge() ?? seekable.end(seekable.length - 1);
  const timeS = clamp(target(start, end), start, Math.max(start, end));
  player.currentTime = timeS;
  host.sought(timeS);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

/** One that is made in the document of an iframe does not have the classes of this window. */
function isHtmlElement(target: EventTarget): target is HTMLElement {
  return 'isContentEditable' in target;
}
