import type { Texts } from '../../../messages/player-texts.js';
import type { OverlayHost } from '../../overlay-host.js';
import { addCaptionEntry } from './caption-entry.js';
import { applyCaptionLook } from './caption-look.js';
import { CaptionPanel } from './caption-panel.js';
import { captionPreferences } from './caption-preferences.js';
import { liftCaptions } from './lift-captions.js';

/**
 * Lets viewers choose how captions look: an entry in the captions menu, the panel that it opens, and the rules for the
 * video element. The captions stay above the control bar.
 *
 * @param controller - the skin, in the shadow root of the player.
 * @returns a function that stops this.
 */
export function wireCaptionStyles(
  host: Pick<OverlayHost, 'root' | 'video'>,
  controller: HTMLElement,
  texts: Texts,
): () => void {
  const settingsMenu = controller.querySelector<HTMLElement>('media-settings-menu');
  const captionsMenu = controller.querySelector<HTMLElement>('media-captions-menu');
  const settingsButton = controller.querySelector<HTMLElement>('media-settings-menu-button');
  const stopLook = applyCaptionLook(host, captionPreferences);
  const stopLift = liftCaptions(host, controller, captionPreferences);
  const panel = new CaptionPanel(texts, captionPreferences, () => settingsButton?.focus());
  settingsMenu?.after(panel.element);
  const removeEntry =
    captionsMenu &&
    addCaptionEntry(captionsMenu, texts.messages.captionStyle, () => {
      // The menus move the focus when they lose it, so they lose it before the panel gets it.
      settingsButton?.focus();
      captionsMenu.hidden = true;
      if (settingsMenu) settingsMenu.hidden = true;
      panel.open();
    });
  return () => {
    removeEntry?.();
    panel.stop();
    stopLift();
    stopLook();
  };
}
