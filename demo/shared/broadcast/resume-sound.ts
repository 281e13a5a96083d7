/** What lets a page play sound. */
const actions = ['pointerdown', 'keydown'] as const;

/** The part of an `AudioContext` that is needed to start it. */
export type Resumable = Pick<AudioContext, 'state' | 'resume'> & EventTarget;

/**
 * Tries to start sound at each action of the user until it runs: not every key lets a page play sound.
 *
 * @returns stops that.
 */
export function resumeSound(audio: Resumable, page: EventTarget): () => void {
  // A closed context refuses. There is no sound to start then.
  const resume = (): void => void audio.resume().catch(() => undefined);
  function stop(): void {
    for (const type of actions) page.removeEventListener(type, resume);
    audio.removeEventListener('statechange', stopWhenRunning);
  }
  function stopWhenRunning(): void {
    if (audio.state === 'running') stop();
  }
  for (const type of actions) page.addEventListener(type, resume);
  audio.addEventListener('statechange', stopWhenRunning);
  stopWhenRunning();
  return stop;
}
