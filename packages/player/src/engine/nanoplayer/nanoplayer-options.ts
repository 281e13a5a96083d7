/** Properties of the element that this engine reads. */
export interface NanoPlayerOptions {
  /** Address of the vendor's script, which the page allows with `allowVendorScripts`; empty if the page loads the script itself. */
  readonly nanoplayerSrc: string;
  /** When the vendor's player gets fresh tokens: at once, or when it is about to connect. */
  readonly refreshMode: 'eager' | 'deferred';
  /** Options for the vendor's player. */
  readonly nanoPlayerConfig: Readonly<Record<string, unknown>>;
  /** Licence servers, which it cannot use. */
  readonly drm: object | null;
}
