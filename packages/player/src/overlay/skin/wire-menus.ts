import { intlLocale } from '@gatecast/element';
import type { MediaStore } from 'media-chrome/media-store/media-store';
import type { Rendition } from '../../engine/engine.js';
import { hasAdaptation } from '../../source/has-adaptation.js';
import type { OverlayHost } from '../overlay-host.js';
import { wireChapters } from './chapters-menu.js';
import { showItem } from './menu-parts.js';
import type { SkinLayout } from './skin-layout.js';
import { wireSpeaker } from './speaker-menu.js';
import type { Texts } from '../../messages/player-texts.js';

/** Name of a rendition in the menu: its height, and its bitrate if another one has the same height. */
export function nameQuality(rendition: Rendition, all: readonly Rendition[], language = 'en'): string {
  const lines = linesOf(rendition);
  if (lines === null) return rendition.label || describeBitrate(rendition, language);
  const isAlone = all.every((other) => other === rendition || linesOf(other) !== lines);
  return isAlone || rendition.bitrateKbps === null
    ? `${String(lines)}p`
    : `${String(lines)}p · ${describeBitrate(rendition, language)}`;
}

/** The height; for a portrait video, the width. */
function linesOf({ width, height }: Rendition): number | null {
  return width !== null && height !== null ? Math.min(width, height) : height;
}

function describeBitrate({ bitrateKbps, index }: Rendition, language: string): string {
  if (bitrateKbps === null) return `#${String(index + 1)}`;
  if (bitrateKbps < 1000) return `${String(bitrateKbps)} kbit/s`;
  const format = { minimumFractionDigits: 1, maximumFractionDigits: 1, numberingSystem: 'latn' };
  return `${new Intl.NumberFormat(intlLocale(language), format).format(bitrateKbps / 1000)} Mbit/s`;
}

/** Fills the menus from the player and hides those without a choice. @returns a function that stops this. */
export function wireMenus(
  { player, state }: OverlayHost,
  { controller, theme, settingsMenu, qualityMenu, qualityItem, captionsItem, chapters, speaker }: SkinLayout,
  { language, messages }: Texts,
  store: MediaStore,
): () => void {
  const find = (id: string | undefined): Rendition | undefined =>
    player.entries.find(({ index }) => String(index) === id);
  qualityMenu.formatRendition = (listed) => {
    const rendition = find(listed.id);
    return rendition ? nameQuality(rendition, player.entries, language) : '';
  };
  qualityMenu.compareRendition = (a, b) => Number(a.id) - Number(b.id);
  const update = (): void => {
    const { mediaRenditionList, mediaSubtitlesList } = store.getState();
    showItem(qualityItem, (mediaRenditionList?.length ?? 0) > 1);
    // Captions are drawn over the picture.
    showItem(captionsItem, theme !== 'audio' && (mediaSubtitlesList?.length ?? 0) > 0);
  };
  // media-chrome offers the automatic choice always, so it is removed where the source does not allow it.
  const items = new MutationObserver(() => {
    if (!hasAdaptation(state().source)) qualityMenu.shadowRoot?.querySelector('[value="auto"]')?.remove();
  });
  if (qualityMenu.shadowRoot) items.observe(qualityMenu.shadowRoot, { childList: true, subtree: true });
  if (theme === 'audio')
    settingsMenu.addEventListener('toggle', () => {
      // Over the bar, where the window has the room.
      const { top } = controller.getBoundingClientRect();
      settingsMenu.classList.toggle('below', settingsMenu.offsetHeight > top);
    });
  update();
  const unsubscribe = store.subscribe(update);
  const stopSpeaker = wireSpeaker(player, speaker, settingsMenu, messages);
  const stopChapters = wireChapters(player, chapters, store);
  return () => {
    stopChapters();
    stopSpeaker();
    items.disconnect();
    unsubscribe();
  };
}
