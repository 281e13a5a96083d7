import { ownDirection } from '@gatecast/element';
import type { CSSResult } from '@lit/reactive-element';
import { MediaUIEvents } from 'media-chrome/constants';
import type { MediaStore } from 'media-chrome/media-store/media-store';
import { captionPanelStyles } from './captions/caption-panel-styles.js';
import { wireCaptionStyles } from './captions/wire-caption-styles.js';
import type { OverlayHost } from '../overlay-host.js';
import { namePlayer } from '../player-name.js';
import type { Texts } from '../../messages/player-texts.js';
import { themeOf } from '../theme.js';
import { LiveStatus } from './live-status.js';
import { inLanguage, addMediaChromeTexts } from './media-chrome-texts.js';
import { wireMenus } from './wire-menus.js';
import { liveEdge } from './live-distance.js';
import { listenToKeys } from './listen-to-keys.js';
import { createSkinLayout, type SkinLayout } from './skin-layout.js';
import { createSkinStore } from './skin-store.js';
import { Storyboard } from './storyboard.js';
import { SeekPreview } from './seek-preview.js';
import { skinStyles } from './skin-styles.js';
import { themeStyles } from './theme-styles.js';

/**
 * The player's controls over the picture, made of media-chrome elements. The video element is not moved into them,
 * because that would stop playback.
 *
 * @throws unknown when media-chrome cannot be set up; its elements are removed then.
 */
export class PlayerSkin {
  static readonly styles: readonly CSSResult[] = [skinStyles, captionPanelStyles, themeStyles];

  readonly #host: OverlayHost;
  readonly #texts: Texts;
  readonly #life = new AbortController();
  #store: MediaStore | null = null;
  #storyboard: Storyboard | null = null;
  #layout: SkinLayout | null = null;
  #preview: SeekPreview | null = null;
  #live: LiveStatus | null = null;
  #stopMenus: (() => void) | null = null;
  #stopCaptionStyles: (() => void) | null = null;

  constructor(host: OverlayHost, texts: Texts) {
    this.#host = host;
    this.#texts = texts;
    const { signal } = this.#life;
    listenToKeys(
      {
        player: host.player,
        liveEdge: () => (host.player.streamType === 'live' ? liveEdge(host.player) : null),
        request: (kind) => {
          if (kind === 'fullscreen') this.#toggleFullscreen();
          else if (this.#layout?.theme !== 'audio')
            this.#request(MediaUIEvents.MEDIA_TOGGLE_SUBTITLES_REQUEST);
        },
        sought: (timeS) => {
          this.#preview?.showAt(timeS);
        },
        wake: () => {
          this.#layout?.controller.dispatchEvent(new PointerEvent('pointermove', { pointerType: 'mouse' }));
        },
      },
      signal,
    );
    try {
      this.build();
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** Follows the state of the element: its theme, its title, and whether an error covers the picture. */
  update(): void {
    if (this.#layout && this.#layout.theme !== themeOf(this.#host.player.theme)) this.build();
    const controller = this.#layout?.controller;
    if (!controller) return;
    controller.inert = this.#host.state().fatalError !== null;
    // A page may have several players, and screen readers list them by this name. media-chrome has written a general one.
    controller.setAttribute('aria-label', namePlayer(this.#host.player, this.#texts.messages));
  }

  /** Removes the skin and all its listeners. */
  remove(): void {
    this.#life.abort();
    this.#takeDown();
  }

  /** Builds the controls, with the texts and the theme as they are now. */
  build(): void {
    this.#takeDown();
    const host = this.#host;
    const { language, messages } = this.#texts;
    const languageTag = addMediaChromeTexts(language, messages);
    const layout = inLanguage(languageTag, () =>
      createSkinLayout(messages, languageTag, themeOf(host.player.theme)),
    );
    const storyboard = new Storyboard(host, () => {
      const { mediaPreviewTime } = store.getState();
      if (mediaPreviewTime === undefined) return;
      store.dispatch({ type: MediaUIEvents.MEDIA_PREVIEW_REQUEST, detail: mediaPreviewTime });
    });
    const store = createSkinStore(host, languageTag, storyboard);
    this.#storyboard = storyboard;
    const { controller } = layout;
    controller.dir = ownDirection(host.player);
    controller.fullscreenElement = host.player;
    controller.mediaStore = store;
    controller.addEventListener('dblclick', (event) => {
      if (event.target === controller) this.#toggleFullscreen();
    });
    inLanguage(languageTag, () => {
      host.root.append(controller);
    });
    // media-chrome writes `aria-checked`, which its role does not allow.
    layout.captionsButton.setAttribute('role', 'switch');
    this.#stopMenus = wireMenus(host, layout, { language, messages }, store);
    this.#stopCaptionStyles = wireCaptionStyles(host, controller, this.#texts);
    this.#layout = layout;
    this.#store = store;
    this.#preview = new SeekPreview(layout.timeRange, store);
    this.#live = new LiveStatus(host, layout, this.#texts, store);
    this.update();
  }

  #takeDown(): void {
    this.#live?.stop();
    this.#stopMenus?.();
    this.#stopCaptionStyles?.();
    this.#storyboard?.stop();
    this.#preview?.stop();
    // Without a media element the store removes its listeners; removing the controller is not enough.
    this.#store?.dispatch({ type: 'mediaelementchangerequest' });
    this.#layout?.controller.remove();
    this.#layout = null;
    this.#store = null;
  }

  /** A bar without a picture only leaves it. */
  #toggleFullscreen(): void {
    if (this.#store?.getState().mediaIsFullscreen) this.#request(MediaUIEvents.MEDIA_EXIT_FULLSCREEN_REQUEST);
    else if (this.#layout?.theme !== 'audio') this.#request(MediaUIEvents.MEDIA_ENTER_FULLSCREEN_REQUEST);
  }

  #request(type: string): void {
    this.#store?.dispatch({ type });
  }
}
