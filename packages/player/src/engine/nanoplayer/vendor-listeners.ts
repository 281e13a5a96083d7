import type { VendorEventData, VendorListener } from './vendor-player.js';

/** Turns handlers of event data into listeners for the vendor's player; none is called after `signal` aborts. */
export function vendorListeners(
  handlers: Readonly<Record<string, (data: VendorEventData) => void>>,
  signal: AbortSignal,
): Record<string, VendorListener> {
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handler]): [string, VendorListener] => [
      name,
      ({ data = {} }) => {
        if (!signal.aborted) handler(data);
      },
    ]),
  );
}
