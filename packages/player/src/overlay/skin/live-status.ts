import { fillMessage } from '@gatecast/element';
import { systemClock, type Cancel } from '@gatecast/token';
import { MediaUIAttributes } from 'media-chrome/constants';
import type { MediaStore } from 'media-chrome/media-store/media-store';
import type { OverlayHost } from '../overlay-host.js';
import type { PlayerMessages } from '../../messages/message-tables.js';
import { formatClock, liveDistanceS, liveEdge, spellDuration } from './live-distance.js';
import type { SkinLayout } from './skin-layout.js';

/** A paused live stream falls behind without any event. */
const TICK_MS = 1000;
const VALUE_TEXT = 'aria-valuetext';

/** Updates the texts that depend on the live edge: the live button, the seek bar, and the time under the pointer. */
export class LiveStatus {
  readonly #host: OverlayHost;
  readonly #layout: SkinLayout;
  readonly #messages: PlayerMessages;
  readonly #store: MediaStore;
  readonly #unsubscribe: () => void;
  readonly #seekBar: HTMLInputElement;
  readonly #seekBarObserver: MutationObserver;
  /** Text of the seek bar's position; `null` to keep the text of media-chrome. */
  #positionText: string | null = null;
  #cancelTick: Cancel | null = null;

  constructor(host: OverlayHost, layout: SkinLayout, messages: PlayerMessages, store: MediaStore) {
    this.#host = host;
    this.#layout = layout;
    this.#messages = messages;
    this.#store = store;
    this.#seekBar = layout.timeRange.range;
    // For a live stream media-chrome writes media time, which says nothing to a viewer, and writes it each second.
    this.#seekBarObserver = new MutationObserver(() => {
      this.#writePosition();
    });
    this.#seekBarObserver.observe(this.#seekBar, { attributeFilter: [VALUE_TEXT] });
    this.#unsubscribe = store.subscribe(() => {
      this.#update();
    });
    this.#update();
  }

  stop(): void {
    this.#unsubscribe();
    this.#seekBarObserver.disconnect();
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
    // media-chrome updates it with events only.
    if (isLive) liveButton.toggleAttribute(MediaUIAttributes.MEDIA_TIME_IS_LIVE, distanceS === 0);
    const behind = fillMessage(behindLive, { time: spellDuration(distanceS, this.#messages) });
    if (distanceS > 0) liveButton.setAttribute('aria-description', behind);
    else liveButton.removeAttribute('aria-description');
    const position = distanceS > 0 ? behind : live;
    this.#positionText = isLive ? position : null;
    this.#writePosition();
    const edge = isLive ? liveEdge(player) : null;
    const pointedS = this.#store.getState().mediaPreviewTime;
    setText(preview, pointedS === undefined ? '' : describePoint(pointedS, edge, live));
    if (isLive && player.paused)
      this.#cancelTick = systemClock.at(systemClock.now() + TICK_MS, () => {
        this.#update();
      });
  }

  #writePosition(): void {
    const text = this.#positionText;
    if (text !== null && this.#seekBar.getAttribute(VALUE_TEXT) !== text)
      this.#seekBar.setAttribute(VALUE_TEXT, text);
  }
}

function describePoint(pointedS: number, edge: number | null, live: string): string {
  if (edge === null) return formatClock(pointedS);
  return pointedS >= edge - 1 ? live : `−${formatClock(edge - pointedS)}`;
}

/** Writes only a changed text: each write triggers screen readers and layout. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
