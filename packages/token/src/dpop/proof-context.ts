/** What a proof of possession needs to know about its request. */
export interface ProofContext {
  /** URL of the token endpoint, or an empty text for tokens from the page's own function. Each has a key of its own. */
  readonly endpoint: string;
  /** The token of the request; `null` for a token request. */
  readonly secret: string | null;
  /** The server's time, in milliseconds since the epoch. @defaultValue the device's clock */
  readonly now?: (() => number) | undefined;
}
