import { redactUrl } from '@gatecast/token';
import type { Rendition } from '../engine/engine.js';
import type { VideoRendition, VideoRenditionList } from '../media/video-rendition-list.js';

/** A rendition was added to the list or removed from it. */
export class RenditionEvent extends Event {
  constructor(
    type: 'addrendition' | 'removerendition',
    readonly rendition: VideoRendition,
  ) {
    super(type);
  }
}

/** The rendition of an entry also has a URL; a level of an engine has none. */
type Entry = Rendition & { readonly url?: string | null; readonly codec?: string };

/** Menus copy own properties of a rendition; `selected` is an accessor because the list decides it. */
class ListedRendition implements VideoRendition {
  readonly id: string;
  readonly src: string | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly bitrate: number | undefined;
  readonly frameRate: number | undefined;
  readonly codec: string | undefined;
  readonly #list: VideoRenditionList;

  constructor(list: VideoRenditionList, entry: Entry) {
    this.#list = list;
    this.id = String(entry.index);
    this.src = entry.url ? redactUrl(entry.url) : undefined;
    this.width = entry.width ?? undefined;
    this.height = entry.height ?? undefined;
    this.bitrate = entry.bitrateKbps === null ? undefined : entry.bitrateKbps * 1000;
    this.frameRate = entry.framerate ?? undefined;
    this.codec = entry.codec;
  }

  get selected(): boolean {
    return this.#list[this.#list.selectedIndex] === this;
  }

  set selected(isWanted: boolean) {
    if (isWanted) this.#list.selectedIndex = [...this.#list].indexOf(this);
    else if (this.selected) this.#list.selectedIndex = -1;
  }
}

/** Updates the list to these entries and dispatches an event for each change. Unchanged renditions keep their object. */
export function syncRenditions(list: VideoRenditionList, entries: readonly Entry[]): void {
  const present = [...list];
  const wanted = entries.map((entry) => new ListedRendition(list, entry));
  if (JSON.stringify(present) === JSON.stringify(wanted)) return;
  const kept = wanted.map((rendition) => present.find((old) => isSame(old, rendition)) ?? rendition);
  // The chosen rendition may have another position now, or none.
  const chosen = list[list.selectedIndex];
  for (let index = 0; index < Math.max(present.length, kept.length); index += 1)
    Reflect.set(list, index, kept[index]);
  for (let index = kept.length; index < present.length; index += 1) Reflect.deleteProperty(list, index);
  list.length = kept.length;
  for (const old of present) {
    if (!kept.includes(old)) list.dispatchEvent(new RenditionEvent('removerendition', old));
  }
  for (const rendition of kept) {
    if (!present.includes(rendition)) list.dispatchEvent(new RenditionEvent('addrendition', rendition));
  }
  list.selectedIndex = chosen ? kept.indexOf(chosen) : -1;
}

function isSame(a: VideoRendition, b: VideoRendition): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
