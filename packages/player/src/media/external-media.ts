/** The media element of a vendor's player that replaces our own, and the calls that must go through that player. */
export interface ExternalMedia {
  /** A media element. For a player that shows something else, a facade: one whose members give that player's state. */
  readonly media: HTMLVideoElement;
  isPaused(): boolean;
  /** Is an event of the media element for the page? */
  passes(type: string): boolean;
  play(): Promise<void>;
  pause(): void;
  setMuted(isMuted: boolean): void;
  /** @param volume - 0 to 1 */
  setVolume(volume: number): void;
}
