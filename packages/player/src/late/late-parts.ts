import type { GatecastError } from '@gatecast/token';
import { languageOf, whenReallyDisconnected, type EventLog } from '@gatecast/element';
import { adoptStyles, type CSSResultOrNative, type ReactiveController } from '@lit/reactive-element';
import { playerMessages } from '../messages/player-messages.js';
import { syncRenditions } from '../renditions/sync-renditions.js';
import type { SecurePlayer } from '../secure-player.js';
import type { PlayerSkin } from '../skin/player-skin.js';
import { SecureControlsReplacedEvent } from './controls-replaced-event.js';
import { createErrorPanel, errorPanelStyles } from './error-panel.js';

/** What an element lets its late parts see and do. */
export interface LateHost {
  readonly player: SecurePlayer;
  readonly root: HTMLElement | DocumentFragment;
  readonly video: HTMLVideoElement;
  readonly log: EventLog;
  state(): {
    /** What playback has ended with. */
    readonly fatalError: GatecastError | null;
    /** Rendition that was chosen by hand. */
    readonly chosen: number | 'auto';
  };
}

/** Of WebKit alone, about other screens and full screen: nothing that happens before there is a picture. */
const WEBKIT_EVENTS = [
  'webkitbeginfullscreen',
  'webkitendfullscreen',
  'webkitcurrentplaybacktargetiswirelesschanged',
  'webkitplaybacktargetavailabilitychanged',
  'webkitpresentationmodechanged',
] as const;

/**
 * All of an element that nobody needs before the first frame: the renditions for menus, the skin, and what is shown
 * when playback has ended. One chunk, loaded behind that frame or with the first error.
 */
export class LateParts implements ReactiveController {
  readonly #host: LateHost;
  #shownError: GatecastError | null = null;
  #panel: HTMLElement | null = null;
  #skin: PlayerSkin | null = null;
  #wantsSkin = false;

  constructor(host: LateHost) {
    this.#host = host;
    const { player, video } = host;
    this.#adopt();
    // All of them live and die with the element.
    for (const type of WEBKIT_EVENTS)
      video.addEventListener(type, () => player.dispatchEvent(new Event(type)));
    player.videoRenditions.addEventListener('change', this.#onRenditionChosen);
    this.hostUpdated();
  }

  /** Brings everything to what the element says now. */
  hostUpdated(): void {
    const { player } = this.#host;
    if (!player.isConnected) return;
    const { chosen } = this.#host.state();
    syncRenditions(player.videoRenditions, player.entries);
    player.videoRenditions.selectedIndex = player.entries.findIndex(({ index }) => index === chosen);
    this.#updatePanel();
    void this.#updateSkin();
  }

  hostDisconnected(): void {
    whenReallyDisconnected(this.#host.player, () => {
      this.#wantsSkin = false;
      this.#removeSkin();
    });
  }

  readonly #onRenditionChosen = (): void => {
    const { player } = this.#host;
    const index = player.entries[player.videoRenditions.selectedIndex]?.index ?? 'auto';
    if (index !== this.#host.state().chosen) player.switchEntry(index);
  };

  #updatePanel(): void {
    const { root, player } = this.#host;
    const { fatalError } = this.#host.state();
    if (fatalError === this.#shownError) return;
    this.#shownError = fatalError;
    this.#panel?.remove();
    const text = playerMessages(languageOf(player)).tryAgain;
    // What fails again is told by the player itself.
    const retry = (): void => void player.play().catch(() => undefined);
    this.#panel = fatalError && createErrorPanel(fatalError, text, retry);
    if (this.#panel) root.append(this.#panel);
  }

  async #updateSkin(): Promise<void> {
    const { controls } = this.#host.player;
    const wantsSkin = controls !== null && controls !== false && controls !== 'native';
    if (wantsSkin === this.#wantsSkin) {
      this.#skin?.update();
      return;
    }
    this.#wantsSkin = wantsSkin;
    if (!wantsSkin) {
      this.#removeSkin();
      return;
    }
    try {
      const { PlayerSkin } = await import('../skin/player-skin.js');
      // What was wanted may be other by now.
      if (!this.#wantsSkin || this.#skin) return;
      this.#adopt(PlayerSkin.styles);
      this.#skin = new PlayerSkin(this.#host);
    } catch (error) {
      if (this.#wantsSkin) this.#fallBack(error);
    }
  }

  /** The browser's own controls are better than none. */
  #fallBack(error: unknown): void {
    const { video, player, log } = this.#host;
    const reason = error instanceof Error ? error.message : String(error);
    video.controls = true;
    log.add('controls-replaced', { reason });
    player.dispatchEvent(new SecureControlsReplacedEvent(reason));
  }

  #removeSkin(): void {
    this.#skin?.remove();
    this.#skin = null;
  }

  #adopt(...styles: CSSResultOrNative[]): void {
    const { root, player } = this.#host;
    const { elementStyles } = player.constructor as typeof SecurePlayer;
    if (root instanceof ShadowRoot) adoptStyles(root, [...elementStyles, errorPanelStyles, ...styles]);
  }
}
