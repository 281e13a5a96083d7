import { redactText } from '@gatecast/token';
import type { CSSResult } from '@lit/reactive-element';
import type { PlayerSkin } from './skin/player-skin.js';
import { SecureControlsReplacedEvent } from '../element/player-events.js';
import { checkSkinCsp } from './check-skin-csp.js';
import type { OverlayHost } from './overlay-host.js';

/** Events after which a failed load is tried again. */
const RETRY_EVENTS = ['play', 'loadeddata', 'online'] as const;

/** Loads the skin when `controls` asks for it. Until it is loaded, the browser's own controls replace it. */
export class SkinLoader {
  readonly #host: OverlayHost;
  readonly #adopt: (styles: CSSResult) => void;
  #skin: PlayerSkin | null = null;
  #isWanted = false;
  #reportedReason = '';
  #retries: AbortController | null = null;

  constructor(host: OverlayHost, adopt: (styles: CSSResult) => void) {
    this.#host = host;
    this.#adopt = adopt;
  }

  /** Updates the skin from the state of the element. */
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

  /** Removes the skin. */
  clear(): void {
    this.#isWanted = false;
    this.#reportedReason = '';
    this.#retries?.abort();
    this.#skin?.remove();
    this.#skin = null;
  }

  async #show(): Promise<void> {
    this.#retries?.abort();
    const { root, video } = this.#host;
    // Checked first, so that nothing is loaded that the page's policy does not allow.
    const blockedBy = checkSkinCsp(root);
    if (blockedBy !== null) {
      this.#fallBack(blockedBy);
      return;
    }
    try {
      const { PlayerSkin } = await import('./skin/player-skin.js');
      // `controls` may have changed while it loaded.
      if (!this.#isWanted || this.#skin) return;
      this.#adopt(PlayerSkin.styles);
      this.#skin = new PlayerSkin(this.#host);
      video.controls = false;
    } catch (error) {
      if (!this.#isWanted) return;
      this.#fallBack(`The controls could not be loaded: ${String(error)}`);
      this.#retryLater();
    }
  }

  /** Shows the browser's own controls, and reports the reason once, not with each attempt. */
  #fallBack(text: string): void {
    const { video, player, log } = this.#host;
    const reason = redactText(text);
    video.controls = true;
    if (reason === this.#reportedReason) return;
    this.#reportedReason = reason;
    log.add(SecureControlsReplacedEvent.type, { reason });
    player.dispatchEvent(new SecureControlsReplacedEvent(reason));
  }

  #retryLater(): void {
    const retries = (this.#retries = new AbortController());
    const { signal } = retries;
    const retry = (): void => void this.#show();
    for (const type of RETRY_EVENTS) {
      const target = type === 'online' ? globalThis : this.#host.player;
      target.addEventListener(type, retry, { once: true, signal });
    }
  }
}
