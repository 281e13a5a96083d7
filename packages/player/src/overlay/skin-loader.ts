import { redactText, lazyPart } from '@gatecast/token';
import type { CSSResult } from '@lit/reactive-element';
import type { PlayerTexts } from '../messages/player-texts.js';
import type { PlayerSkin } from './skin/player-skin.js';
import { SecureControlsReplacedEvent } from '../element/player-events.js';
import { showNativeControls } from '../media/native-controls.js';
import { checkSkinCsp } from './check-skin-csp.js';
import type { OverlayHost } from './overlay-host.js';
import { namePlayer, releasePlayerName } from './player-name.js';

const skinPart = lazyPart('PlayerSkin', async () => (await import('./skin/player-skin.js')).PlayerSkin);

/** Loads the skin when `controls` asks for it. Until it is loaded, the browser's own controls replace it. */
export class SkinLoader {
  readonly #host: OverlayHost;
  readonly #texts: PlayerTexts;
  readonly #adopt: (styles: readonly CSSResult[]) => void;
  #skin: PlayerSkin | null = null;
  #reportedReason = '';
  #wanted: AbortController | null = null;

  constructor(host: OverlayHost, texts: PlayerTexts, adopt: (styles: readonly CSSResult[]) => void) {
    this.#host = host;
    this.#texts = texts;
    this.#adopt = adopt;
  }

  /** Updates the skin from the state of the element. */
  update(): void {
    const { controls } = this.#host.player;
    const isWanted = controls !== null && controls !== false && controls !== 'native';
    if (isWanted === (this.#wanted !== null)) {
      this.#skin?.update();
    } else if (isWanted) {
      this.#wanted = new AbortController();
      void this.#show(this.#wanted.signal);
    } else {
      this.clear();
    }
    this.#nameVideo();
  }

  /** Builds the skin with other texts. */
  rebuild(): void {
    this.#skin?.build();
  }

  /** Removes the skin. */
  clear(): void {
    this.#wanted?.abort();
    this.#wanted = null;
    this.#reportedReason = '';
    this.#skin?.remove();
    this.#skin = null;
  }

  /** The browser's own controls have the name of the player; a skin has that name itself. */
  #nameVideo(): void {
    const { player, video } = this.#host;
    if (!video.controls) {
      video.removeAttribute('aria-label');
      if (!this.#wanted) releasePlayerName(player);
    } else if (this.#texts.isReady) {
      video.setAttribute('aria-label', namePlayer(player, this.#texts.messages));
    }
  }

  async #show(signal: AbortSignal): Promise<void> {
    const { root, video, log } = this.#host;
    // Checked first, so that nothing is loaded that the page's policy does not allow.
    const blockedBy = checkSkinCsp(root);
    if (blockedBy !== null) {
      this.#fallBack(blockedBy);
      return;
    }
    const onFailure = (error: unknown): void => {
      if (!signal.aborted) this.#fallBack(`The controls could not be loaded: ${String(error)}`);
    };
    // Only the signal ends the attempts.
    const PlayerSkin = await skinPart({ signal, log, onFailure }).catch(() => null);
    if (!PlayerSkin) return;
    await this.#texts.ready;
    if (signal.aborted) return;
    this.#adopt(PlayerSkin.styles);
    this.#skin = new PlayerSkin(this.#host, this.#texts);
    showNativeControls(video, false);
    this.#nameVideo();
  }

  /** Shows the browser's own controls, and reports the reason once, not with each attempt. */
  #fallBack(text: string): void {
    const { video, player, log } = this.#host;
    const reason = redactText(text);
    showNativeControls(video, true);
    this.#nameVideo();
    if (reason === this.#reportedReason) return;
    this.#reportedReason = reason;
    log.add(SecureControlsReplacedEvent.type, { reason });
    player.dispatchEvent(new SecureControlsReplacedEvent(reason));
  }
}
