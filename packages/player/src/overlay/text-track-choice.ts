/** Remembers which text track the viewer has chosen, for the tracks of the same source when it is loaded again. */
export class TextTrackChoice {
  #chosen: Pick<TextTrack, 'kind' | 'label' | 'language'> | null = null;

  /** Remembers the track that is shown, if any. */
  remember(tracks: TextTrackList): void {
    const shown = Array.from(tracks).find(({ mode }) => mode === 'showing');
    this.#chosen = shown ? { kind: shown.kind, label: shown.label, language: shown.language } : null;
  }

  /** Shows the remembered track now, or when it is added. */
  restore(tracks: TextTrackList): void {
    if (this.#show(tracks)) return;
    tracks.addEventListener('addtrack', () => this.#show(tracks), { once: true });
  }

  #show(tracks: TextTrackList): boolean {
    const chosen = this.#chosen;
    if (!chosen) return true;
    const track = Array.from(tracks).find(
      ({ kind, label, language }) =>
        kind === chosen.kind && label === chosen.label && language === chosen.language,
    );
    if (!track) return false;
    track.mode = 'showing';
    this.#chosen = null;
    return true;
  }
}
