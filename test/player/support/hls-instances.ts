import Full from 'hls.js';
import Light from 'hls.js/light';

/** What an element has done with hls.js. */
export interface HlsUse {
  /** The newest instance. */
  hls: Full | null;
  /** Number of sources that were loaded. */
  sources: number;
  /** Errors that hls.js reported: `details` and status. */
  readonly errors: string[];
}

const uses = new WeakMap<Element, HlsUse>();

/** What the host of a media element has done with hls.js since {@link watchHls}: a player, or the element itself. */
export function hlsUseOf(element: Element): HlsUse {
  const use = uses.get(element) ?? { hls: null, sources: 0, errors: [] };
  uses.set(element, use);
  return use;
}

/** Records each instance of hls.js in this page from now on. Players share the module with the test. */
export function watchHls(): void {
  for (const Library of [Full, Light]) watchLibrary(Library);
}

const watched = new WeakSet<object>();

function watchLibrary(Library: typeof Full): void {
  const { prototype, Events, ErrorDetails } = Library;
  if (watched.has(prototype)) return;
  watched.add(prototype);
  const owners = new WeakMap<Full, HlsUse>();
  const attach: Full['attachMedia'] = Reflect.get(prototype, 'attachMedia');
  const load: Full['loadSource'] = Reflect.get(prototype, 'loadSource');
  prototype.attachMedia = function (this: Full, data) {
    const media = 'media' in data ? data.media : data;
    const root = media.getRootNode();
    const owner = root instanceof ShadowRoot ? root.host : media;
    const use = hlsUseOf(owner);
    use.hls = this;
    owners.set(this, use);
    this.on(Events.ERROR, (_, { details, response }) => {
      // It gives up a segment that comes too slowly, or that a seek has made useless: no fault, and usual on a busy machine.
      if (details === ErrorDetails.INTERNAL_ABORTED) return;
      use.errors.push(`${details} ${response?.code ?? ''}`.trim());
    });
    attach.call(this, data);
  };
  prototype.loadSource = function (this: Full, url) {
    const use = owners.get(this);
    if (use) use.sources += 1;
    load.call(this, url);
  };
}
