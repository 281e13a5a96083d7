import type { MediaStore } from 'media-chrome/media-store/media-store';
import type { MediaChromeMenu } from 'media-chrome/menu';
import type { OverlayPlayer } from '../overlay-host.js';
import { formatClock } from './live-distance.js';
import { create, showItem } from './menu-parts.js';
import { cueAt } from './read-thumbnail.js';

/** Each item that media-chrome adds looks at all others. */
const MAX_CHAPTERS = 200;

type Chapter = NonNullable<ReturnType<MediaStore['getState']>['mediaChaptersCues']>[number];

/** The row of chapters in the settings menu, and its menu. */
export interface ChaptersRow {
  readonly item: HTMLElement;
  readonly menu: MediaChromeMenu;
}

/**
 * Lists the chapters in their menu, marks the one that plays, and seeks to the one that is chosen. Without chapters, or for a
 * live stream that cannot be sought, their row is hidden.
 *
 * @returns a function that stops this.
 */
export function wireChapters(
  player: OverlayPlayer,
  { item, menu }: ChaptersRow,
  store: MediaStore,
): () => void {
  let listed: readonly Chapter[] = [];
  let marked: Chapter | undefined;
  const mark = (): void => {
    const playing = cueAt(listed, store.getState().mediaCurrentTime ?? 0);
    if (playing === marked) return;
    marked = playing;
    menu.items.forEach((each, index) => {
      each.checked = listed[index] === playing;
    });
    // Its row shows the name of what is checked.
    menu.dispatchEvent(new Event('change'));
  };
  const update = (): void => {
    const chapters = (store.getState().mediaChaptersCues ?? []).slice(0, MAX_CHAPTERS);
    if (!isSame(chapters, listed)) {
      for (const each of menu.items) each.remove();
      listed = chapters;
      marked = undefined;
      menu.append(...chapters.map((chapter) => createChapter(chapter, player.streamType !== 'live')));
      showItem(item, chapters.length > 0);
    }
    mark();
  };
  const choose = (event: Event): void => {
    const index = menu.items.findIndex((each) => event.composedPath().includes(each));
    const chapter = listed[index];
    // The first frame of a chapter can be a little later than its cue.
    if (chapter) player.currentTime = chapter.startTime;
  };
  const chooseByKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') choose(event);
  };
  // Not the event `change`: the chapter that plays can be chosen, to go back to its start.
  menu.addEventListener('click', choose);
  menu.addEventListener('keydown', chooseByKey);
  showItem(item, false);
  update();
  return store.subscribe(update);
}

function createChapter({ text, startTime }: Chapter, hasClock: boolean): HTMLElement {
  const clock = formatClock(startTime);
  return create(
    'media-chrome-menu-item',
    { type: 'radio', value: String(startTime), 'data-description': text, part: 'menu-item chapter' },
    create('span', { class: 'chapter-title' }, text),
    // Media time of a live stream says nothing to a viewer.
    ...(hasClock ? [create('span', { slot: 'suffix', class: 'chapter-time', dir: 'ltr' }, clock)] : []),
  );
}

function isSame(some: readonly Chapter[], others: readonly Chapter[]): boolean {
  return (
    some.length === others.length &&
    some.every(
      ({ text, startTime }, index) => text === others[index]?.text && startTime === others[index].startTime,
    )
  );
}
