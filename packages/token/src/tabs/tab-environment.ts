import type { Cancel } from '../time/clock.js';

/** The part of the browser's Web Locks that tabs use. */
export interface TabLocks {
  request(name: string, options: LockOptions, run: () => Promise<void>): Promise<unknown>;
  query(): Promise<LockManagerSnapshot>;
}

/** A channel to the other tabs of the origin, such as a `BroadcastChannel`. */
export interface TabChannel {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
  close(): void;
}

/** What tabs need of the browser to share tokens. */
export interface TabEnvironment {
  readonly locks: TabLocks;
  openChannel(name: string): TabChannel;
  /** SHA-256, as hexadecimal digits. */
  digest(text: string): Promise<string>;
  /** Milliseconds since the epoch by the clock of the device, which all tabs share. */
  wallNow(): number;
  /** Calls back when the page is left, perhaps into the back/forward cache. */
  onPageHide(callback: () => void): Cancel;
}

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
