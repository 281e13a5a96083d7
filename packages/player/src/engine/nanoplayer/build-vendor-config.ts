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

/** Writes the whole config: the page's options, and over them what the element itself decides. */
export function buildVendorConfig(input: VendorConfigInput): VendorConfig {
  const { source, pageConfig, isAutoplay, isMuted, hasControls, listeners } = input;
  const playback = readObject(pageConfig['playback']);
  const reconnect = readObject(playback['reconnect']);
  return {
    ...pageConfig,
    source,
    // Never left out: without it the vendor's setup ends in a bare TypeError.
    playback: {
      automute: false,
      ...playback,
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

/** One step makes the vendor's player divide by zero, and its delay is NaN. */
function delaySteps({ delaySteps: steps }: Readonly<Record<string, unknown>>): { delaySteps?: number } {
  return typeof steps === 'number' && steps < 2 ? { delaySteps: 2 } : {};
}

/** The page's listeners are called too, after ours, with the vendor's event as it is. */
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
        listeners[name]?.(event);
        if (typeof theirs === 'function') (theirs as VendorListener)(event);
      },
    ];
  });
  return Object.fromEntries(merged);
}

function readObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
