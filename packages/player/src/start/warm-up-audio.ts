/** A WAV file of one silent sample: RIFF and format, 8 kHz, 8 bit, mono. */
const SILENCE = 'RIFF%\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0@\x1f\0\0@\x1f\0\0\x01\0\b\0data\x01\0\0\0\x80';

/**
 * Lets Chromium start its audio service, a process of its own, while the page waits for the network. Otherwise it starts
 * when the first segment with sound has come, and the first frame waits 50 to 80 ms for it, also of a muted player. To load
 * a sound is enough.
 */
export function warmUpAudio(): void {
  const bytes = Uint8Array.from(SILENCE, (each) => each.charCodeAt(0));
  // Of the kind that media-src must allow for the player.
  const url = URL.createObjectURL(new Blob([bytes], { type: 'audio/wav' }));
  const audio = new Audio();
  audio.muted = true;
  // A browser that preloads nothing suspends it at once.
  audio.onloadeddata =
    audio.onerror =
    audio.onsuspend =
      () => {
        URL.revokeObjectURL(url);
        audio.onloadeddata = audio.onerror = audio.onsuspend = null;
        audio.removeAttribute('src');
        audio.load();
      };
  audio.src = url;
}
