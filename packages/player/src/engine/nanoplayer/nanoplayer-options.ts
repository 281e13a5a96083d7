/** Properties of the element that this engine reads. */
export interface NanoPlayerOptions {
  /** Address of the vendor's script, relative to the page; empty where the page has loaded it. */
  readonly nanoplayerSrc: string;
  /** When the vendor's player gets fresh tokens. */
  readonly refreshMode: 'eager' | 'deferred';
  /** Options for the vendor's player. */
  readonly nanoPlayerConfig: Readonly<Record<string, unknown>>;
}
