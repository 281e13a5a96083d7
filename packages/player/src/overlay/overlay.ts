import type { GatecastError } from '@gatecast/token';
import { applyStyles, onRemoved, ownDirection, type ElementStyle } from '@gatecast/element';
import type { ReactiveController } from '@lit/reactive-element';
import { PlayerTexts } from '../messages/player-texts.js';
import { hasAdaptation } from '../source/has-adaptation.js';
import { syncRenditions } from './sync-renditions.js';
import { createErrorPanel, errorPanelStyles } from './error-panel.js';
import { createWaitingPanel } from './waiting-panel.js';
import type { OverlayHost } from './overlay-host.js';
import { KeptCaptions } from './kept-captions.js';
import { KeptPlayback } from './kept-playback.js';
import { PlayerMediaSession } from './media-session.js';
import { releasePlayerName } from './player-name.js';
import { RenditionChoice } from './rendition-choice.js';
import { TrackCopies } from './track-copies.js';
import { SkinLoader } from './skin-loader.js';
import { TextTrackChoice } from './text-track-choice.js';
import { ValueWarnings } from './warn-of-values.js';

/** WebKit's events about AirPlay, picture-in-picture and full screen. None occurs before the first frame. */
const WEBKIT_EVENTS = [
  'webkitbeginfullscreen',
  'webkitendfullscreen',
  'webkitcurrentplaybacktargetiswirelesschanged',
  'webkitplaybacktargetavailabilitychanged',
  'webkitpresentationmodechanged',
] as const;

/**
 * The parts of an element that the first frame does not need: the renditions for menus, the skin, and the error panel.
 * Its chunk is loaded after that frame or with the first error.
 */
export class Overlay implements ReactiveController {
  readonly #host: OverlayHost;
  #shownError: GatecastError | null = null;
  #panel: HTMLElement | null = null;
  #waitingPanel: HTMLElement | null = null;
  readonly #texts: PlayerTexts;
  readonly #skinLoader: SkinLoader;
  readonly #choice: RenditionChoice;
  readonly #kept: KeptPlayback;
  readonly #tracks: TrackCopies;
  readonly #textTrack = new TextTrackChoice();
  readonly #valueWarnings = new ValueWarnings();
  #mediaSession: PlayerMediaSession | null = null;
  #isMoved = false;

  constructor(host: OverlayHost) {
    this.#host = host;
    const { player, video, log } = host;
    this.#texts = new PlayerTexts(player, log, () => {
      this.#onTexts();
    });
    this.#skinLoader = new SkinLoader(host, this.#texts, (styles) => {
      this.#adopt(...styles);
    });
    this.#adopt();
    this.#choice = new RenditionChoice(host);
    this.#kept = new KeptPlayback(host);
    new KeptCaptions(host);
    this.#tracks = new TrackCopies(host);
    // The video element has the same lifetime as the element.
    for (const type of WEBKIT_EVENTS)
      video.addEventListener(type, () => player.dispatchEvent(new Event(type)));
    player.videoRenditions.addEventListener('change', this.#onRenditionChosen);
    this.hostUpdated();
  }

  /** Updates all parts from the state of the element. */
  hostUpdated(): void {
    const { player } = this.#host;
    if (!player.isConnected) return;
    this.#texts.update();
    this.#valueWarnings.update(player);
    this.#updateMediaSession();
    this.#choice.update();
    const chosen = this.#chosen();
    syncRenditions(player.videoRenditions, player.entries);
    player.videoRenditions.selectedIndex = player.entries.findIndex(({ index }) => index === chosen);
    this.#updatePanel();
    this.#updateWaitingPanel();
    this.#tracks.update();
    this.#skinLoader.update();
  }

  hostConnected(): void {
    if (!this.#isMoved) return;
    this.#isMoved = false;
    const { player, root, video } = this.#host;
    if (isShadowRoot(root)) applyStyles(root);
    this.#kept.resume();
    // media-chrome adds rules to its style elements, which the browser reads again when they move. The skin stays until its
    // own elements have been connected, too: media-chrome warns of each one that is not in a document then.
    queueMicrotask(() => {
      this.#skinLoader.clear();
      player.requestUpdate();
    });
    this.#textTrack.restore(video.textTracks);
  }

  hostDisconnected(): void {
    this.#isMoved = true;
    this.#kept.remember();
    this.#textTrack.remember(this.#host.video.textTracks);
    onRemoved(this.#host.player, () => {
      this.#skinLoader.clear();
      releasePlayerName(this.#host.player);
      this.#texts.stop();
      this.#stopMediaSession();
      this.#tracks.clear();
    });
  }

  /** Only a player with a title has one. */
  #updateMediaSession(): void {
    const { player } = this.#host;
    if (player.videoTitle) (this.#mediaSession ??= new PlayerMediaSession(player)).update();
    else this.#stopMediaSession();
  }

  #stopMediaSession(): void {
    this.#mediaSession?.stop();
    this.#mediaSession = null;
  }

  readonly #onRenditionChosen = (): void => {
    const { player } = this.#host;
    const index = player.entries[player.videoRenditions.selectedIndex]?.index ?? 'auto';
    if (index === this.#chosen()) return;
    if (index !== 'auto' || hasAdaptation(this.#host.state().source)) player.switchEntry(index);
    // A menu of the page may offer the automatic choice although the source does not allow it.
    else player.requestUpdate();
  };

  #chosen(): number | 'auto' {
    const { player } = this.#host;
    const { chosen, source } = this.#host.state();
    // Without adaptation, the entry that plays counts as chosen until the viewer chooses.
    return chosen === 'auto' && !hasAdaptation(source) ? (player.activeEntry?.index ?? 'auto') : chosen;
  }

  #updatePanel(): void {
    const { player } = this.#host;
    const { fatalError } = this.#host.state();
    if (fatalError === this.#shownError || !this.#texts.isReady) return;
    this.#shownError = fatalError;
    this.#panel?.remove();
    // If that fails too, the player reports another error.
    const retry = (): void => void player.play().catch(() => undefined);
    this.#panel = fatalError && createErrorPanel(fatalError, this.#texts.messages, retry);
    this.#append(this.#panel);
  }

  #updateWaitingPanel(): void {
    const { isStreamAwaited } = this.#host.state();
    if (isStreamAwaited === (this.#waitingPanel !== null) || !this.#texts.isReady) return;
    this.#waitingPanel?.remove();
    this.#waitingPanel = this.#waitingPanel ? null : createWaitingPanel(this.#texts.messages);
    this.#append(this.#waitingPanel);
  }

  /** Shows the panels and the skin with other texts. */
  #onTexts(): void {
    this.#panel?.remove();
    this.#waitingPanel?.remove();
    this.#panel = this.#waitingPanel = this.#shownError = null;
    this.#skinLoader.rebuild();
    this.hostUpdated();
  }

  #append(panel: HTMLElement | null): void {
    if (!panel) return;
    panel.dir = ownDirection(this.#host.player);
    this.#host.root.append(panel);
  }

  #adopt(...styles: ElementStyle[]): void {
    const { root, styles: elementStyles } = this.#host;
    if (isShadowRoot(root)) applyStyles(root, [...elementStyles, errorPanelStyles, ...styles]);
  }
}

/** One that is made in the document of an iframe does not have the classes of this window. */
function isShadowRoot(root: Node): root is ShadowRoot {
  return 'host' in root;
}
