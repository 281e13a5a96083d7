import { redactText } from '@gatecast/token';
import type { CSSResult } from '@lit/reactive-element';
import type { PlayerSkin } from './skin/player-skin.js';
import { SecureControlsReplacedEvent } from '../late/controls-replaced-event.js';
import { checkSkinCsp } from './skin-csp-check.js';
import type { LateHost } from './overlay.js';

/** When code that could not be loaded may be had again: the network is back, or the viewer goes on watching. */
const NEXT_OCCASIONS = ['play', 'loadeddata', 'online'] as const;

/** Where the skin stands: it is loaded when it is wanted, and until it can be had the browser's own controls are. */
export class SkinLoader {
  readonly #host: LateHost;
  readonly #adopt: (styles: CSSResult) => void;
  #skin: PlayerSkin | null = null;
  #isWanted = false;
  #toldReason = '';
  #occasions: AbortController | null = null;

  constructor(host: LateHost, adopt: (styles: CSSResult) => void) {
    this.#host = host;
    this.#adopt = adopt;
  }

  /** Brings the skin to what the element says now. */
  update(): void {
    const { controls } = this.#host.player;
    const isWanted = controls !== null && controls !== false && controls !== 'native';
    if (isWanted === this.#isWanted) {
      this.#skin?.update();
    } else if (isWanted) {
      this.#isWanted = true;
      void this.#show();
    } else {
      this.clear();
    }
  }

  /** Takes the skin away; nothing of it stays. */
  clear(): void {
    this.#isWanted = false;
    this.#toldReason = '';
    this.#occasions?.abort();
    this.#skin?.remove();
    this.#skin = null;
  }

  async #show(): Promise<void> {
    this.#occasions?.abort();
    const { root, video } = this.#host;
    // Before anything is loaded: where it cannot work it need not come over the network.
    const obstacle = checkSkinCsp(root);
    if (obstacle !== null) {
      this.#fallBack(obstacle);
      return;
    }
    try {
      const { PlayerSkin } = await import('./skin/player-skin.js');
      // What was wanted may be other by now.
      if (!this.#isWanted || this.#skin) return;
      this.#adopt(PlayerSkin.styles);
      this.#skin = new PlayerSkin(this.#host);
      video.controls = false;
    } catch (error) {
      if (!this.#isWanted) return;
      this.#fallBack(`The controls could not be loaded: ${String(error)}`);
      this.#awaitOccasion();
    }
  }

  /** The browser's own controls are better than none; told once, not with each attempt. */
  #fallBack(words: string): void {
    const { video, player, log } = this.#host;
    const reason = redactText(words);
    video.controls = true;
    if (reason === this.#toldReason) return;
    this.#toldReason = reason;
    log.add(SecureControlsReplacedEvent.type, { reason });
    player.dispatchEvent(new SecureControlsReplacedEvent(reason));
  }

  #awaitOccasion(): void {
    const occasions = (this.#occasions = new AbortController());
    const { signal } = occasions;
    const retry = (): void => void this.#show();
    for (const type of NEXT_OCCASIONS) {
      const target = type === 'online' ? globalThis : this.#host.player;
      target.addEventListener(type, retry, { once: true, signal });
    }
  }
}
