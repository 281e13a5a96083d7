import type { Rendition } from '../engine/engine.js';
import type { ResolvedSource } from '../source/player-source.js';
import { fittingRendition } from './fitting-rendition.js';
import { isOtherSource } from './is-other-source.js';
import type { OverlayPlayer, OverlayState } from './overlay-host.js';

/** What of the overlay's host the choice needs. */
export interface ChoiceHost {
  readonly player: Pick<OverlayPlayer, 'entries' | 'activeEntry' | 'switchEntry'>;
  readonly state: () => Pick<OverlayState, 'chosen' | 'source'>;
}

/**
 * Repeats the viewer's choice of a rendition for an engine that begins to play the source, which has a list of its own and chooses
 * automatically. Where no rendition of that list fits, the choice is automatic until one does.
 */
export class RenditionChoice {
  readonly #host: ChoiceHost;
  #known: readonly Rendition[] | null = null;
  /** As it was seen or set last. */
  #chosen: number | 'auto' = 'auto';
  /** What the viewer has chosen, whether the present engine has it or not. */
  #wish: { readonly rendition: Rendition; readonly source: ResolvedSource | null } | null = null;

  constructor(host: ChoiceHost) {
    this.#host = host;
  }

  update(): void {
    const { player, state } = this.#host;
    const { entries } = player;
    const known = this.#known;
    const { chosen, source } = state();
    if (chosen !== this.#chosen) this.#note(chosen, known ?? entries, source);
    if (entries === known) return;
    this.#known = entries;
    // The choice among the renditions of another source counts again if that one plays again, after a change that has failed.
    if (!this.#wish || isOtherSource(this.#wish.source, source)) return;
    const next = fittingRendition(this.#wish.rendition, entries)?.index ?? 'auto';
    // Repeating a choice that the engine knows would empty its buffer.
    const isKnown = known ? isRestOf(entries, known) : player.activeEntry?.index === chosen;
    if (next === chosen && (isKnown || next === 'auto')) return;
    try {
      player.switchEntry(next);
      this.#chosen = next;
    } catch {
      // The engine has another list already, which comes with the next update.
    }
  }

  /** The viewer or the page has chosen. */
  #note(chosen: number | 'auto', list: readonly Rendition[], source: ResolvedSource | null): void {
    this.#chosen = chosen;
    const rendition = list.find(({ index }) => index === chosen);
    this.#wish = rendition ? { rendition, source } : null;
  }
}

/** Is this the known list without entries that the engine has removed? */
function isRestOf(entries: readonly Rendition[], known: readonly Rendition[]): boolean {
  return entries.length < known.length && entries.every((entry) => known.includes(entry));
}
