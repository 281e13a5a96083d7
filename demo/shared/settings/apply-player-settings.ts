import { type PlayerSettings, playerAttributes, playerSpec, sourceAttributes } from './player-settings.js';
import { applyAttributes } from './tag-settings.js';

/** Sets the attributes and `<source>` children of a player. Changes only what differs. */
export function applyPlayerSettings(player: Element, settings: PlayerSettings): void {
  applyAttributes(player, playerSpec, playerAttributes(settings));
  const sources = sourceAttributes(settings).map((attributes) => {
    const source = document.createElement('source');
    for (const [name, value] of attributes) source.setAttribute(name, value);
    return source;
  });
  const present = [...player.querySelectorAll('source')];
  const isSame =
    present.length === sources.length &&
    present.every((child, index) => child.isEqualNode(sources[index] ?? null));
  if (!isSame) player.replaceChildren(...sources);
}
