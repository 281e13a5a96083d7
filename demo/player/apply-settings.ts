import type { SecurePlayer } from '@gatecast/player';
import {
  type PlayerSettings,
  flagAttributes,
  toAttributes,
  toSourceAttributes,
  valueAttributes,
} from './player-settings.js';

/** Makes the tag in the page the one that the settings describe, touching only what differs. */
export function applySettings(player: SecurePlayer, settings: PlayerSettings): void {
  const wanted = new Map(toAttributes(settings));
  for (const name of [...valueAttributes, ...flagAttributes]) {
    const value = wanted.get(name) ?? null;
    if (player.getAttribute(name) === value) continue;
    if (value === null) player.removeAttribute(name);
    else player.setAttribute(name, value);
  }
  const sources = toSourceAttributes(settings).map((attributes) => {
    const source = document.createElement('source');
    for (const [name, value] of attributes) source.setAttribute(name, value);
    return source;
  });
  const present = [...player.querySelectorAll('source')];
  const isSame =
    present.length === sources.length &&
    present.every((source, index) => sources[index]?.isEqualNode(source) ?? false);
  if (!isSame) player.replaceChildren(...sources);
}
