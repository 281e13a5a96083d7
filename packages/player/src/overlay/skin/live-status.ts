import { fillMessage } from '@gatecast/element';
import { systemClock, type Cancel } from '@gatecast/token';
import type { MediaStore } from 'media-chrome/media-store/media-store';
import type { OverlayHost } from '../overlay-host.js';
import type { PlayerMessages } from '../../messages/message-tables.js';
import { formatClock, liveDistanceS, liveEdge, spellDuration } from './live-distance.js';
import type { SkinLayout } from './skin-layout.js';

/** A paused live stream falls behind with nothing happening that would tell. */
const TICK_MS = 1000;
const VALUE_TEXT = 'aria-valuetext';

/** Keeps the words that depend on the live edge: the live button's, the seek bar's, and the time under the pointer. */
export class LiveStatus {
  readonly #host: OverlayHost;
  readonly #layout: SkinLayout;
  readonly #messages: PlayerMessages;
  readonly #store: MediaStore;
  readonly #unsubscribe: () => void;
  readonly #seekBar: HTMLInputElement;
  readonly #seekBarWords: MutationObserver;
  /** What the seek bar says of its place; `null` where media-chrome's own words do. */
  #placeWords: string | null = null;
  #cancelTick: Cancel | null = null;

  constructor(host: OverlayHost, layout: SkinLayout, messages: PlayerMessages, store: MediaStore) {
    this.#host = host;
    this.#layout = layout;
    this.#messages = messages;
    this.#store = store;
    this.#seekBar = layout.timeRange.range;
    // media-chrome tells the seconds of a clock that nobody knows, and does so with each of them.
    this.#seekBarWords = new MutationObserver(() => {
      this.#sayPlace();
    });
    this.#seekBarWords.observe(this.#seekBar, { attributeFilter: [VALUE_TEXT] });
    this.#unsubscribe = store.subscribe(() => {
      this.#update();
    });
    this.#update();
  }

  stop(): void {
    this.#unsubscribe();
    this.#seekBarWords.disconnect();
    this.#cancelTick?.();
  }

  #update(): void {
    this.#cancelTick?.();
    this.#cancelTick = null;
    const { player } = this.#host;
    const { liveButton, liveText, preview } = this.#layout;
    const { live, behindLive } = this.#messages;
    const isLive = player.streamType === 'live';
    const distanceS = isLive ? liveDistanceS(player) : 0;
    setText(liveText, distanceS > 0 ? `${live} −${formatClock(distanceS)}` : live);
    const behind = fillMessage(behindLive, { time: spellDuration(distanceS, this.#messages) });
    if (distanceS > 0) liveButton.setAttribute('aria-description', behind);
    else liveButton.removeAttribute('aria-description');
    const livePlace = distanceS > 0 ? behind : live;
    this.#placeWords = isLive ? livePlace : null;
    this.#sayPlace();
    const edge = isLive ? liveEdge(player) : null;
    const pointedS = this.#store.getState().mediaPreviewTime;
    setText(preview, pointedS === undefined ? '' : describePoint(pointedS, edge, live));
    if (isLive && player.paused)
      this.#cancelTick = systemClock.at(systemClock.now() + TICK_MS, () => {
        this.#update();
      });
  }

  #sayPlace(): void {
    const words = this.#placeWords;
    if (words !== null && this.#seekBar.getAttribute(VALUE_TEXT) !== words)
      this.#seekBar.setAttribute(VALUE_TEXT, words);
  }
}

function describePoint(pointedS: number, edge: number | null, live: string): string {
  if (edge === null) return formatClock(pointedS);
  return pointedS >= edge - 1 ? live : `−${formatClock(edge - pointedS)}`;
}

/** Writing what is there already would wake screen readers and layout for nothing. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
