import { redactUrl } from '@gatecast/token';
import type { Rendition } from '../engine/engine.js';
import type { VideoRendition, VideoRenditionList } from '../media/video-rendition-list.js';

/** A rendition came into the list or left it. */
export class RenditionEvent extends Event {
  constructor(
    type: 'addrendition' | 'removerendition',
    readonly rendition: VideoRendition,
  ) {
    super(type);
  }
}

/** What of an entry's own playlist may be shown; engines' levels have no address of their own here. */
type Entry = Rendition & { readonly url?: string | null; readonly codec?: string };

/** Menus copy a rendition's own properties, so what they show are such; `selected` is the list's business. */
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

/** Makes the list hold these entries, telling what came and what left; what stays the same stays in place. */
export function syncRenditions(list: VideoRenditionList, entries: readonly Entry[]): void {
  const present = [...list];
  const wanted = entries.map((entry) => new ListedRendition(list, entry));
  if (JSON.stringify(present) === JSON.stringify(wanted)) return;
  const kept = wanted.map((rendition) => present.find((old) => isSame(old, rendition)) ?? rendition);
  // The chosen one has another position now, or none.
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
