/** The media element of a vendor's player that replaces our own, and the calls that must go through that player. */
export interface ExternalMedia {
  readonly media: HTMLVideoElement;
  play(): Promise<void>;
  pause(): void;
  setMuted(isMuted: boolean): void;
  /** @param volume - 0 to 1 */
  setVolume(volume: number): void;
}
