import type { OverlayHost } from '../../overlay-host.js';
import type { CaptionPreferences } from './caption-preferences.js';
import { USUAL_SIZE } from './caption-look.js';

/** Height of a line of captions, and usual width of a character, by their font size. */
const LINE_HEIGHT = 1.2;
const CHARACTER_WIDTH = 0.5;

/**
 * The line at which a cue is above the control bar, counted from the bottom of the picture: the last one is -1.
 *
 * @param barPx - how much of the picture the bar covers.
 * @param linePx - height of a line of captions.
 * @param rows - lines of the cue.
 * @see https://www.w3.org/TR/webvtt1/#webvtt-cue-line
 */
export function lineAbove(barPx: number, linePx: number, rows: number): number {
  return -(Math.ceil(barPx / Math.max(1, linePx)) + rows);
}

/** How many lines a cue has, as far as that can be known: the browser breaks long ones. */
export function rowsOf(text: string, widthPx: number, sizePx: number): number {
  const fitting = Math.max(1, Math.floor(widthPx / Math.max(1, sizePx * CHARACTER_WIDTH)));
  const lines = text.replace(/<[^<>]*>/g, '').split('\n');
  return lines.reduce((rows, { length }) => rows + Math.max(1, Math.ceil(length / fitting)), 0);
}

/**
 * Shows captions above the control bar while it is visible. Cues that have a place of their own stay there.
 *
 * @param controller - the skin.
 * @returns a function that stops this, and puts the cues back.
 */
export function liftCaptions(
  { video }: Pick<OverlayHost, 'video'>,
  controller: HTMLElement,
  preferences: CaptionPreferences,
): () => void {
  const lifted = new Set<VTTCue>();
  const life = new AbortController();
  const { signal } = life;
  const followed = new WeakSet<TextTrack>();

  const putBack = (cue: VTTCue): void => {
    cue.line = 'auto';
    lifted.delete(cue);
  };
  const update = (): void => {
    const barPx = coveredPx(video, controller);
    const usualPx = Math.min(video.clientWidth, video.clientHeight) * USUAL_SIZE;
    const sizePx = (usualPx * Number(preferences.style.size ?? 100)) / 100;
    const tracks = Array.from(video.textTracks);
    for (const track of tracks) follow(track);
    const shown = new Set(tracks.filter(({ mode }) => mode === 'showing').flatMap(activeCues));
    for (const cue of lifted) if (barPx === 0 || !shown.has(cue)) putBack(cue);
    if (barPx === 0) return;
    for (const cue of shown) {
      if (!isAtBottom(cue) && !lifted.has(cue)) continue;
      const rows = rowsOf(cue.text, (video.clientWidth * cue.size) / 100, sizePx);
      const line = lineAbove(barPx, sizePx * LINE_HEIGHT, rows);
      if (cue.line !== line) cue.line = line;
      lifted.add(cue);
    }
  };
  const follow = (track: TextTrack): void => {
    if (followed.has(track)) return;
    followed.add(track);
    track.addEventListener('cuechange', update, { signal });
  };

  const changes = new MutationObserver(update);
  changes.observe(controller, { attributeFilter: ['userinactive', 'mediapaused'] });
  const sizes = new ResizeObserver(update);
  sizes.observe(video);
  for (const type of ['addtrack', 'change']) video.textTracks.addEventListener(type, update, { signal });
  const stopListening = preferences.onChanged(update);
  update();
  return () => {
    life.abort();
    changes.disconnect();
    sizes.disconnect();
    stopListening();
    for (const cue of lifted) putBack(cue);
  };
}

/** How much of the picture the control bar covers from below; 0 while it is hidden. */
function coveredPx(video: HTMLVideoElement, controller: HTMLElement): number {
  if (controller.hasAttribute('userinactive') && !controller.hasAttribute('mediapaused')) return 0;
  const rows = controller.querySelectorAll('[part~="control-area"] > *');
  const visible = [...rows].map((row) => row.getBoundingClientRect()).filter((row) => row.height > 0);
  const { height, bottom } = video.getBoundingClientRect();
  const coveredPx = Math.max(0, ...visible.map(({ top }) => bottom - top));
  // In a very flat player there is no place above it.
  return coveredPx > 0 && coveredPx < height / 2 ? coveredPx : 0;
}

/** Does the browser place a cue at the bottom of the picture? */
function isAtBottom({ line, snapToLines, vertical }: VTTCue): boolean {
  return line === 'auto' && snapToLines && vertical === '';
}

function activeCues({ activeCues: cues }: TextTrack): VTTCue[] {
  return Array.from(cues ?? []).filter((cue): cue is VTTCue => cue instanceof VTTCue);
}
