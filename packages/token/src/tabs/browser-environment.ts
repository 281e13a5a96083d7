import type { TabEnvironment } from '../source/tab-scope.js';

/** What this browser has; `null` without Web Locks, channels or WebCrypto, as on a page that was not loaded by https. */
export function browserEnvironment(): TabEnvironment | null {
  const { navigator, BroadcastChannel, crypto, window } = globalThis as Partial<typeof globalThis>;
  const locks = navigator?.locks;
  const subtle = crypto?.subtle;
  if (!locks || !BroadcastChannel || !subtle) return null;
  return {
    locks: {
      request: (name, options, run) => locks.request(name, options, run),
      query: () => locks.query(),
    },
    openChannel: (name) => new BroadcastChannel(name),
    async digest(text) {
      const hash = await subtle.digest('SHA-256', new TextEncoder().encode(text));
      return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
    },
    wallNow: () => Date.now(),
    onPageHide(callback) {
      window?.addEventListener('pagehide', callback);
      return () => {
        window?.removeEventListener('pagehide', callback);
      };
    },
  };
}
