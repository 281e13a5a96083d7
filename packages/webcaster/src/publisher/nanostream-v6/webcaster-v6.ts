/**
 * The part of the vendor's `WebcasterApiV6.Webcaster` that is used here, as its documentation describes it.
 *
 * @see https://docs.nanocosmos.de/docs/webrtc/nanostream_webrtc_introduction
 */
export interface WebcasterV6 {
  onConnectionStateChange: ((state: string) => void) | null;
  onError: ((error: unknown) => void) | null;
  setup(): Promise<unknown>;
  startBroadcast(): Promise<unknown>;
  stopBroadcast(): Promise<unknown>;
  dispose(withMediaStream: boolean): Promise<unknown> | undefined;
}

/** The vendor refuses unknown keys: only these are sent, and those that the page adds. */
export interface WebcasterV6Config {
  serverUrl: string;
  streamName: string;
  auth: { token: string };
  inputCfg: {
    mediaStream: MediaStream | null;
    broadcastCfg: { maxVideoBitrateBps: number; maxAudioBitrateBps: number; maxEncodingFramerate: number };
  };
  /** The vendor's own reconnect sends the first token again. */
  reconnect: false;
}

export type WebcasterV6Class = new (config: WebcasterV6Config) => WebcasterV6;
