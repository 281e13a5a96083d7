export interface FakeVendorOptions {
  /** The API key that the services accept as `X-BINTU-APIKEY`, or as `X-BINTU-TOKEN`. */
  readonly apiKey: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
