import 'media-chrome/media-airplay-button';
import 'media-chrome/media-captions-button';
import 'media-chrome/media-cast-button';
import 'media-chrome/media-control-bar';
import 'media-chrome/media-controller';
import 'media-chrome/media-fullscreen-button';
import 'media-chrome/media-live-button';
import 'media-chrome/media-loading-indicator';
import 'media-chrome/media-mute-button';
import 'media-chrome/media-pip-button';
import 'media-chrome/media-play-button';
import 'media-chrome/media-time-display';
import 'media-chrome/media-time-range';
import 'media-chrome/media-volume-range';
import 'media-chrome/menu';
import type MediaController from 'media-chrome/media-controller';
import type MediaTimeRange from 'media-chrome/media-time-range';
import type { MediaChromeMenu, MediaRenditionMenu } from 'media-chrome/menu';
import type { Theme } from '../theme.js';
import type { ChaptersRow } from './chapters-menu.js';
import type { SpeakerRow } from './speaker-menu.js';
import { asSubmenu, create, createItem, findBackButton, setAttributes } from './menu-parts.js';
import type { PlayerMessages } from '../../messages/message-tables.js';

/** The speeds in the menu. */
const RATES = '0.5 0.75 1 1.25 1.5 2';

/** The skin's elements that are used after they are created. */
export interface SkinLayout {
  readonly controller: MediaController;
  readonly theme: Theme;
  readonly timeRange: MediaTimeRange;
  readonly liveButton: HTMLElement;
  readonly liveText: HTMLElement;
  readonly preview: HTMLElement;
  readonly timeDisplay: HTMLElement;
  readonly captionsButton: HTMLElement;
  readonly settingsMenu: HTMLElement;
  readonly qualityItem: HTMLElement;
  readonly qualityMenu: MediaRenditionMenu;
  readonly captionsItem: HTMLElement;
  readonly chapters: ChaptersRow;
  readonly speaker: SpeakerRow;
}

/**
 * Creates the skin's elements. The controller's language is set first: its children read their texts from it. What a theme
 * does not show is there all the same, so that a rule of the page can show it.
 */
export function createSkinLayout(messages: PlayerMessages, languageTag: string, theme: Theme): SkinLayout {
  // By its tag, not its class: the page may have registered its own media-chrome, which is used then.
  const controller = document.createElement('media-controller');
  setAttributes(controller, {
    part: 'controls',
    lang: languageTag,
    autohide: '3',
    nodefaultstore: '',
    nohotkeys: '',
    'data-theme': theme,
  });
  const isAudio = theme === 'audio';
  controller.audio = isAudio;
  // A click on the picture moves the focus there, so that keys work. Not -1: that would take the controls, which are in
  // its shadow tree, out of the tab order too.
  controller.tabIndex = 0;

  const liveText = create('span', { slot: 'text', part: 'live-text' }, messages.live);
  const liveButton = create('media-live-button', { part: 'button live-button' }, liveText);
  // Media time, volume and clocks run from left to right in every language, as on the common video sites.
  const timeDisplay = create('media-time-display', { part: 'time', showduration: '', dir: 'ltr' });
  const preview = create('span', { slot: 'preview', part: 'preview' });
  const timeRange = document.createElement('media-time-range');
  setAttributes(timeRange, { part: 'seek-bar', dir: 'ltr' });
  timeRange.append(
    // The text of the seek bar says what screen readers need.
    create('media-preview-thumbnail', { slot: 'preview', part: 'preview-thumbnail', 'aria-hidden': 'true' }),
    create('media-preview-chapter-display', { slot: 'preview', part: 'preview-chapter' }),
    preview,
  );
  const qualityMenu = asSubmenu(
    document.createElement('media-rendition-menu'),
    messages.quality,
    messages.back,
  );
  const qualityItem = createItem(messages.quality, qualityMenu);
  const captionsItem = createItem(
    messages.captions,
    asSubmenu(create('media-captions-menu'), messages.captions, messages.back),
  );
  const chaptersMenu = asSubmenu(
    document.createElement('media-chrome-menu'),
    messages.chapters,
    messages.back,
  );
  const chapters = { menu: chaptersMenu, item: createItem(messages.chapters, chaptersMenu) };
  chapters.item.part.add('chapters-item');
  const speedItem = createItem(
    messages.speed,
    asSubmenu(create('media-playback-rate-menu', { rates: RATES }), messages.speed, messages.back),
  );
  const speakerMenu = asSubmenu(document.createElement('media-chrome-menu'), messages.speaker, messages.back);
  const speaker = { menu: speakerMenu, item: createItem(messages.speaker, speakerMenu) };
  speaker.item.part.add('speaker-item');
  const settingsMenu = create(
    'media-settings-menu',
    { part: 'menu', id: 'settings', hidden: '', anchor: 'auto', 'aria-label': messages.settings },
    qualityItem,
    speedItem,
    captionsItem,
    chapters.item,
    speaker.item,
  );
  // The first menu has nothing to go back to.
  findBackButton(settingsMenu)?.style.setProperty('display', 'none');
  const button = (name: string): HTMLElement => create(`media-${name}`, { part: `button ${name}` });
  const mute = button('mute-button');
  const volume = create('media-volume-range', { part: 'volume', dir: 'ltr' });
  const gap = create('span', { class: 'gap' });
  const captionsButton = button('captions-button');

  controller.append(
    create(
      'media-loading-indicator',
      { slot: 'centered-chrome', part: 'loading', noautohide: '' },
      create('span', { slot: 'icon', class: 'spinner' }),
    ),
    create('media-play-button', {
      slot: 'centered-chrome',
      part: 'center-play',
      class: 'center',
      notooltip: '',
    }),
    settingsMenu,
    create(
      'div',
      { part: 'control-area', class: 'area' },
      // In the order of the focus: in one row, or over the buttons.
      ...(isAudio ? [] : [timeRange]),
      create(
        'media-control-bar',
        { part: 'control-bar' },
        button('play-button'),
        ...(isAudio
          ? [liveButton, timeDisplay, timeRange, gap, mute, volume]
          : [mute, volume, liveButton, timeDisplay, gap]),
        captionsButton,
        button('cast-button'),
        button('airplay-button'),
        create('media-settings-menu-button', { part: 'button settings-button', invoketarget: 'settings' }),
        button('pip-button'),
        button('fullscreen-button'),
      ),
    ),
  );
  return {
    controller,
    theme,
    captionsButton,
    settingsMenu,
    timeRange,
    timeDisplay,
    liveButton,
    liveText,
    preview,
    qualityItem,
    qualityMenu,
    captionsItem,
    chapters,
    speaker,
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'media-chrome-menu': MediaChromeMenu;
    'media-controller': MediaController;
    'media-rendition-menu': MediaRenditionMenu;
    'media-time-range': MediaTimeRange;
  }
}
