/** What the backend does while the network is away: every connection is cut. */
export const networkFaults = ['tokens.down', 'media.down'] as const;

/** Makes this page believe that the network went or came back, as the browser would. */
export function simulateOnline(isOnline: boolean): void {
  if (isOnline) Reflect.deleteProperty(navigator, 'onLine');
  else Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => false });
  dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
}
