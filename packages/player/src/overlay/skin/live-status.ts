import { fillMessage } from '@gatecast/element';
import { systemClock, type Cancel } from '@gatecast/token';
import { MediaUIAttributes } from 'media-chrome/constants';
import type { MediaStore } from 'media-chrome/media-store/media-store';
import type { OverlayHost } from '../overlay-host.js';
import type { Texts } from '../../messages/player-texts.js';
import { formatClock, liveDistanceS, liveEdge, spellDuration } from './live-distance.js';
import { OwnText } from './own-text.js';
import type { SkinLayout } from './skin-layout.js';

/** A paused live stream falls behind without any event. */
const TICK_MS = 1000;

/** Updates the texts about times: the live button, the seek bar, the time display, and the time under the pointer. */
export class LiveStatus {
  readonly #host: OverlayHost;
  readonly #layout: SkinLayout;
  readonly #texts: Texts;
  readonly #store: MediaStore;
  readonly #unsubscribe: () => void;
  /** For a live stream media-chrome writes media time, which says nothing to a viewer, and writes it each second. */
  readonly #seekBarText: OwnText;
  readonly #timeText: OwnText;
  /** It is a button, whose name has to contain what it shows. */
  readonly #timeName: OwnText;
  #cancelTick: Cancel | null = null;

  constructor(host: OverlayHost, layout: SkinLayout, texts: Texts, store: MediaStore) {
    this.#host = host;
    this.#layout = layout;
    this.#texts = texts;
    this.#store = store;
    this.#seekBarText = new OwnText(layout.timeRange.range, 'aria-valuetext');
    this.#timeText = new OwnText(layout.timeDisplay, 'aria-description');
    this.#timeName = new OwnText(layout.timeDisplay, 'aria-label');
    const shown = layout.timeDisplay.shadowRoot?.querySelector('slot');
    this.#timeName.text = () => `${texts.messages.time} ${shown?.textContent.trim() ?? ''}`;
    this.#unsubscribe = store.subscribe(() => {
      this.#update();
    });
    this.#update();
  }

  stop(): void {
    this.#unsubscribe();
    this.#seekBarText.stop();
    this.#timeText.stop();
    this.#timeName.stop();
    this.#cancelTick?.();
  }

  #update(): void {
    this.#cancelTick?.();
    this.#cancelTick = null;
    const { player } = this.#host;
    const { liveButton, liveText, preview } = this.#layout;
    const { live, behindLive } = this.#texts.messages;
    const isLive = player.streamType === 'live';
    const distanceS = isLive ? liveDistanceS(player) : 0;
    setText(liveText, distanceS > 0 ? [`${live} `, leftToRight(`−${formatClock(distanceS)}`)] : [live]);
    // media-chrome updates it with events only.
    if (isLive) liveButton.toggleAttribute(MediaUIAttributes.MEDIA_TIME_IS_LIVE, distanceS === 0);
    const behind = fillMessage(behindLive, { time: this.#spell(distanceS) });
    if (distanceS > 0) liveButton.setAttribute('aria-description', behind);
    else liveButton.removeAttribute('aria-description');
    const position = isLive ? null : this.#describePosition();
    this.#timeText.text = position;
    this.#seekBarText.text = isLive ? (distanceS > 0 ? behind : live) : position;
    const edge = isLive ? liveEdge(player) : null;
    const pointedS = this.#store.getState().mediaPreviewTime;
    setText(preview, pointedS === undefined ? [] : [describePoint(pointedS, edge, live)]);
    if (isLive && player.paused)
      this.#cancelTick = systemClock.at(systemClock.now() + TICK_MS, () => {
        this.#update();
      });
  }

  /** The place in a recording; `null` to keep the text of media-chrome while nothing is loaded. */
  #describePosition(): string | null {
    const { currentTime, duration } = this.#host.player;
    if (!Number.isFinite(duration)) return null;
    return fillMessage(this.#texts.messages.position, {
      currentTime: this.#spell(currentTime),
      totalTime: this.#spell(duration),
    });
  }

  #spell(seconds: number): string {
    return spellDuration(seconds, this.#texts.language);
  }
}

function describePoint(pointedS: number, edge: number | null, live: string): string {
  if (edge === null) return formatClock(pointedS);
  return pointedS >= edge - 1 ? live : `−${formatClock(edge - pointedS)}`;
}

/** A clock whose sign stays on its left in a text from right to left. */
function leftToRight(clock: string): HTMLElement {
  const element = document.createElement('bdi');
  element.dir = 'ltr';
  element.textContent = clock;
  return element;
}

/** Writes only a changed text: each write triggers screen readers and layout. */
function setText(element: HTMLElement, parts: readonly (string | HTMLElement)[]): void {
  const text = parts.map((part) => (typeof part === 'string' ? part : part.textContent)).join('');
  if (element.textContent !== text) element.replaceChildren(...parts);
}
