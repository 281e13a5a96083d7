import type { GatecastError } from '@gatecast/token';
import { languageOf, onRemoved, type EventLog } from '@gatecast/element';
import { adoptStyles, type CSSResultOrNative, type ReactiveController } from '@lit/reactive-element';
import type { Rendition } from '../engine/engine.js';
import { playerMessages } from '../messages/player-messages.js';
import { hasAdaptation } from '../source/has-adaptation.js';
import { syncRenditions } from './sync-renditions.js';
import type { SecurePlayer } from '../secure-player.js';
import { createErrorPanel, errorPanelStyles } from './error-panel.js';
import { SkinLoader } from './skin-loader.js';

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
export class Overlay implements ReactiveController {
  readonly #host: LateHost;
  #shownError: GatecastError | null = null;
  #panel: HTMLElement | null = null;
  readonly #skinPlace: SkinLoader;
  #knownEntries: readonly Rendition[] | null = null;

  constructor(host: LateHost) {
    this.#host = host;
    this.#skinPlace = new SkinLoader(host, (styles) => {
      this.#adopt(styles);
    });
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
    this.#repeatChoice();
    const chosen = this.#chosen();
    syncRenditions(player.videoRenditions, player.entries);
    player.videoRenditions.selectedIndex = player.entries.findIndex(({ index }) => index === chosen);
    this.#updatePanel();
    this.#skinPlace.update();
  }

  hostDisconnected(): void {
    onRemoved(this.#host.player, () => {
      this.#skinPlace.clear();
    });
  }

  readonly #onRenditionChosen = (): void => {
    const { player } = this.#host;
    const index = player.entries[player.videoRenditions.selectedIndex]?.index ?? 'auto';
    if (index === this.#chosen()) return;
    if (index !== 'auto' || hasAdaptation(player)) player.switchEntry(index);
    // Somebody's own menu may offer what this source does not have.
    else player.requestUpdate();
  };

  #chosen(): number | 'auto' {
    const { player } = this.#host;
    const { chosen } = this.#host.state();
    // Without adaption the source has chosen what plays, where the viewer has not.
    return chosen === 'auto' && !hasAdaptation(player) ? (player.activeEntry?.index ?? 'auto') : chosen;
  }

  /** An engine that was made anew, and so has another list, chooses by itself until it is told of the choice. */
  #repeatChoice(): void {
    const { player } = this.#host;
    const { entries } = player;
    const known = this.#knownEntries;
    if (entries === known) return;
    this.#knownEntries = entries;
    const { chosen } = this.#host.state();
    if (chosen === 'auto') return;
    // What it follows already it is not told again: that would empty its buffer.
    const isTold = known ? isRestOf(entries, known) : player.activeEntry?.index === chosen;
    if (!entries.some(({ index }) => index === chosen)) player.switchEntry('auto');
    else if (!isTold) player.switchEntry(chosen);
  }

  #updatePanel(): void {
    const { root, player } = this.#host;
    const { fatalError } = this.#host.state();
    if (fatalError === this.#shownError) return;
    this.#shownError = fatalError;
    this.#panel?.remove();
    // What fails again is told by the player itself.
    const retry = (): void => void player.play().catch(() => undefined);
    this.#panel = fatalError && createErrorPanel(fatalError, playerMessages(languageOf(player)), retry);
    if (this.#panel) root.append(this.#panel);
  }

  #adopt(...styles: CSSResultOrNative[]): void {
    const { root, player } = this.#host;
    const { elementStyles } = player.constructor as typeof SecurePlayer;
    if (root instanceof ShadowRoot) adoptStyles(root, [...elementStyles, errorPanelStyles, ...styles]);
  }
}

/** Is this the list that was known, without what the engine has left out? */
function isRestOf(entries: readonly Rendition[], known: readonly Rendition[]): boolean {
  return entries.length < known.length && entries.every((entry) => known.includes(entry));
}
