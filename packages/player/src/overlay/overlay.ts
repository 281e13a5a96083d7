import type { GatecastError } from '@gatecast/token';
import { languageOf, onRemoved } from '@gatecast/element';
import { adoptStyles, type CSSResultOrNative, type ReactiveController } from '@lit/reactive-element';
import type { Rendition } from '../engine/engine.js';
import { playerMessages } from '../messages/player-messages.js';
import { hasAdaptation } from '../source/has-adaptation.js';
import { syncRenditions } from './sync-renditions.js';
import { createErrorPanel, errorPanelStyles } from './error-panel.js';
import type { OverlayHost } from './overlay-host.js';
import { SkinLoader } from './skin-loader.js';

/** WebKit's own events about other screens and full screen: none of them comes before the first frame. */
const WEBKIT_EVENTS = [
  'webkitbeginfullscreen',
  'webkitendfullscreen',
  'webkitcurrentplaybacktargetiswirelesschanged',
  'webkitplaybacktargetavailabilitychanged',
  'webkitpresentationmodechanged',
] as const;

/**
 * The parts of an element that the first frame does not need: the renditions for menus, the skin, and the error panel.
 * One chunk, loaded after that frame or with the first error.
 */
export class Overlay implements ReactiveController {
  readonly #host: OverlayHost;
  #shownError: GatecastError | null = null;
  #panel: HTMLElement | null = null;
  readonly #skinLoader: SkinLoader;
  #knownEntries: readonly Rendition[] | null = null;

  constructor(host: OverlayHost) {
    this.#host = host;
    this.#skinLoader = new SkinLoader(host, (styles) => {
      this.#adopt(styles);
    });
    const { player, video } = host;
    this.#adopt();
    // The video element has the same lifetime as the element.
    for (const type of WEBKIT_EVENTS)
      video.addEventListener(type, () => player.dispatchEvent(new Event(type)));
    player.videoRenditions.addEventListener('change', this.#onRenditionChosen);
    this.hostUpdated();
  }

  /** Brings everything up to date with the element. */
  hostUpdated(): void {
    const { player } = this.#host;
    if (!player.isConnected) return;
    this.#repeatChoice();
    const chosen = this.#chosen();
    syncRenditions(player.videoRenditions, player.entries);
    player.videoRenditions.selectedIndex = player.entries.findIndex(({ index }) => index === chosen);
    this.#updatePanel();
    this.#skinLoader.update();
  }

  hostDisconnected(): void {
    onRemoved(this.#host.player, () => {
      this.#skinLoader.clear();
    });
  }

  readonly #onRenditionChosen = (): void => {
    const { player } = this.#host;
    const index = player.entries[player.videoRenditions.selectedIndex]?.index ?? 'auto';
    if (index === this.#chosen()) return;
    if (index !== 'auto' || hasAdaptation(this.#host.state().source)) player.switchEntry(index);
    // A menu of the page may offer the automatic choice where the source has none.
    else player.requestUpdate();
  };

  #chosen(): number | 'auto' {
    const { player } = this.#host;
    const { chosen, source } = this.#host.state();
    // Without adaption, what plays counts as chosen where the viewer has not chosen.
    return chosen === 'auto' && !hasAdaptation(source) ? (player.activeEntry?.index ?? 'auto') : chosen;
  }

  /** A new engine brings a new list, and chooses by itself until it knows the choice. */
  #repeatChoice(): void {
    const { player } = this.#host;
    const { entries } = player;
    const known = this.#knownEntries;
    if (entries === known) return;
    this.#knownEntries = entries;
    const { chosen } = this.#host.state();
    if (chosen === 'auto') return;
    // An engine that knows the choice would empty its buffer if told again.
    const isKnown = known ? isRestOf(entries, known) : player.activeEntry?.index === chosen;
    if (!entries.some(({ index }) => index === chosen)) player.switchEntry('auto');
    else if (!isKnown) player.switchEntry(chosen);
  }

  #updatePanel(): void {
    const { root, player } = this.#host;
    const { fatalError } = this.#host.state();
    if (fatalError === this.#shownError) return;
    this.#shownError = fatalError;
    this.#panel?.remove();
    // A second failure shows up as the player's next error.
    const retry = (): void => void player.play().catch(() => undefined);
    this.#panel = fatalError && createErrorPanel(fatalError, playerMessages(languageOf(player)), retry);
    if (this.#panel) root.append(this.#panel);
  }

  #adopt(...styles: CSSResultOrNative[]): void {
    const { root, styles: elementStyles } = this.#host;
    if (root instanceof ShadowRoot) adoptStyles(root, [...elementStyles, errorPanelStyles, ...styles]);
  }
}

/** Is this the known list without the entries that the engine has left out? */
function isRestOf(entries: readonly Rendition[], known: readonly Rendition[]): boolean {
  return entries.length < known.length && entries.every((entry) => known.includes(entry));
}
