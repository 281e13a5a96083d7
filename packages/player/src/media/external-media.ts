/** A vendor's player in the place of our own video element: its element, and the calls that must go through it. */
export interface ExternalMedia {
  readonly media: HTMLVideoElement;
  play(): Promise<void>;
  pause(): void;
  setMuted(isMuted: boolean): void;
  /** @param volume - 0 to 1 */
  setVolume(volume: number): void;
}
