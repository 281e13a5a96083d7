import type { VendorConfig, VendorListener, VendorSource } from './vendor-player.js';

export interface VendorConfigInput {
  readonly source: VendorSource;
  /** The page's own `nanoPlayerConfig`. */
  readonly pageConfig: Readonly<Record<string, unknown>>;
  readonly isAutoplay: boolean;
  readonly isMuted: boolean;
  readonly hasControls: boolean;
  readonly listeners: Readonly<Record<string, VendorListener>>;
}

/** Builds the whole config: the page's options, overridden by what the element decides itself. */
export function buildVendorConfig(input: VendorConfigInput): VendorConfig {
  const { source, pageConfig, isAutoplay, isMuted, hasControls, listeners } = input;
  const playback = readObject(pageConfig['playback']);
  const reconnect = readObject(playback['reconnect']);
  return {
    ...pageConfig,
    source,
    // Required: without it the vendor's `setup` fails with a TypeError.
    playback: {
      automute: false,
      ...playback,
      // True by default in version 5, which then plays in a canvas where the page and its libraries expect a video.
      enableMediaOverQuic: playback['enableMediaOverQuic'] === true,
      autoplay: isAutoplay,
      muted: isMuted,
      ...(playback['reconnect'] !== undefined && { reconnect: { ...reconnect, ...delaySteps(reconnect) } }),
    },
    style: {
      width: '100%',
      height: '100%',
      controls: hasControls,
      ...readObject(pageConfig['style']),
    },
    events: mergeListeners(readObject(pageConfig['events']), listeners),
  };
}

/** With one step the vendor's player divides by zero and its delay is NaN. */
function delaySteps({ delaySteps: steps }: Readonly<Record<string, unknown>>): { delaySteps?: number } {
  return typeof steps === 'number' && steps < 2 ? { delaySteps: 2 } : {};
}

/** Calls our listener, then the page's own with the vendor's event. */
function mergeListeners(
  pageListeners: Readonly<Record<string, unknown>>,
  listeners: Readonly<Record<string, VendorListener>>,
): Record<string, VendorListener> {
  const names = new Set([...Object.keys(pageListeners), ...Object.keys(listeners)]);
  const merged = [...names].map((name): [string, VendorListener] => {
    const theirs = pageListeners[name];
    return [
      name,
      (event) => {
        if (Object.hasOwn(listeners, name)) listeners[name]?.(event);
        if (typeof theirs === 'function') (theirs as VendorListener)(event);
      },
    ];
  });
  return Object.fromEntries(merged);
}

function readObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
