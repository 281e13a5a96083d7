/** The state that a media element loses when `src` is set. Volume, mute and fullscreen remain. */
export interface MediaState {
  readonly wasPlaying: boolean;
  readonly playbackRate: number;
  /** Seconds; `null` for a live stream, which is joined at the live edge. */
  readonly currentTime: number | null;
  /** Modes of the enabled tracks, by kind, language and label. */
  readonly trackModes: ReadonlyMap<string, TextTrackMode>;
}

/** @param isPlayWanted - whether it should play; used if an error has paused the element. */
export function readMediaState(media: HTMLMediaElement, isLive: boolean, isPlayWanted: boolean): MediaState {
  const tracks = [...media.textTracks].filter((track) => track.mode !== 'disabled');
  return {
    wasPlaying: !media.paused || (media.error !== null && isPlayWanted),
    // Chromium fails on a live stream at any other rate, and would fail again.
    playbackRate: isLive && media.error !== null ? 1 : media.playbackRate,
    currentTime: isLive ? null : media.currentTime,
    trackModes: new Map(tracks.map((track) => [keyOf(track), track.mode])),
  };
}

/** Restores the state, each part as soon as the new source allows it, until `signal` aborts. */
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
  // A new source adds its own tracks again; those that the page added remain.
  if (trackModes.size > 0) {
    media.textTracks.addEventListener('addtrack', ({ track }) => switchOn(track), { signal });
  }
}

function keyOf({ kind, language, label }: TextTrack): string {
  return JSON.stringify([kind, language, label]);
}
