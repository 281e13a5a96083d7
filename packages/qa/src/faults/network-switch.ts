/** Faults while the network is down: the backend closes every connection. */
export const networkFaults = ['tokens.down', 'media.down'] as const;

/** Simulates a lost or restored network: overrides `navigator.onLine` and fires `offline` or `online`. */
export function simulateOnline(isOnline: boolean): void {
  if (isOnline) Reflect.deleteProperty(navigator, 'onLine');
  else Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => false });
  dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
}
