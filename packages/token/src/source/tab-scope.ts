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

/** Which tabs share the tokens of a source: those that have all of this in common. */
export interface TabScope {
  /** The page's key. Without it, tokens are not shared. */
  readonly session?: string | null | undefined;
  /** Absolute URL of the endpoint; none for a function of the page. */
  readonly url?: string | undefined;
  /** Of requests to it. @defaultValue `same-origin` */
  readonly credentials?: RequestCredentials | undefined;
  /** Are the tokens bound to a key of the page (DPoP)? Tabs must then have the same one. @defaultValue false */
  readonly dpop?: boolean | undefined;
  /** Of the page: it may return other tokens from the same URL, which are not shared. @defaultValue none */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** How tabs reach each other. @defaultValue the browser's Web Locks and BroadcastChannel */
  readonly tabEnvironment?: TabEnvironment | undefined;
}
