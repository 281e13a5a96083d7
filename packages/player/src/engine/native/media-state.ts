/** What setting `src` again takes from a media element. Volume, mute and fullscreen stay by themselves. */
export interface MediaState {
  readonly wasPlaying: boolean;
  readonly playbackRate: number;
  /** Seconds; `null` for live, which is joined where it is now. */
  readonly currentTime: number | null;
  /** Tracks that were on, by what a viewer knows of them. */
  readonly trackModes: ReadonlyMap<string, TextTrackMode>;
}

/** @param isPlayWanted - counts where an error has paused the element. */
export function readMediaState(media: HTMLMediaElement, isLive: boolean, isPlayWanted: boolean): MediaState {
  const tracks = [...media.textTracks].filter((track) => track.mode !== 'disabled');
  return {
    wasPlaying: !media.paused || (media.error !== null && isPlayWanted),
    // Chromium gives up a live stream at any other rate, and would do so again.
    playbackRate: isLive && media.error !== null ? 1 : media.playbackRate,
    currentTime: isLive ? null : media.currentTime,
    trackModes: new Map(tracks.map((track) => [keyOf(track), track.mode])),
  };
}

/** Puts back what can be put back, each when the new source has come so far; until `signal` aborts. */
export function restoreMediaState(media: HTMLMediaElement, state: MediaState, signal: AbortSignal): void {
  const { playbackRate, currentTime, trackModes } = state;
  media.playbackRate = playbackRate;
  if (currentTime !== null && currentTime > 0) {
    const seek = (): void => {
      media.currentTime = currentTime;
    };
    media.addEventListener('loadedmetadata', seek, { once: true, signal });
  }
  const switchOn = (track: TextTrack | null): void => {
    const mode = track && trackModes.get(keyOf(track));
    if (mode) track.mode = mode;
  };
  // The tracks of a source come with it; those that the page added have stayed.
  if (trackModes.size > 0) {
    media.textTracks.addEventListener('addtrack', ({ track }) => switchOn(track), { signal });
  }
}

function keyOf({ kind, language, label }: TextTrack): string {
  return JSON.stringify([kind, language, label]);
}
