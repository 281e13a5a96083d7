import type { PlayerMessages } from '../messages/message-tables.js';
import { themeOf } from './theme.js';

interface NamedPlayer extends Element {
  /** May be empty. */
  readonly videoTitle: string;
  readonly theme: string;
}

/** What the name of a player is made of. */
interface NameParts {
  readonly kind: string;
  readonly title: string;
  /** 1 for the first player of this kind and title. */
  readonly number: number;
}

/** Players that have a name now. */
const named = new Map<Element, NameParts>();

/**
 * The name of a player for screen readers. Of several players with the same kind and title, the second one and those after it
 * get a number. A player keeps its number as long as its kind and title stay, and it is in the page with controls.
 *
 * @see https://www.w3.org/WAI/ARIA/apg/practices/landmark-regions/
 */
export function namePlayer(
  player: NamedPlayer,
  messages: Pick<PlayerMessages, 'player' | 'audioPlayer'>,
): string {
  const kind = themeOf(player.theme) === 'audio' ? messages.audioPlayer : messages.player;
  const title = player.videoTitle;
  const isSame = (parts: NameParts): boolean => parts.kind === kind && parts.title === title;
  const before = named.get(player);
  let number = before && isSame(before) ? before.number : 0;
  if (number === 0) {
    const taken = new Set(Array.from(named.values(), (parts) => (isSame(parts) ? parts.number : 0)));
    do number += 1;
    while (taken.has(number));
  }
  named.set(player, { kind, title, number });
  const name = number === 1 ? kind : `${kind} ${String(number)}`;
  return title ? `${name}: ${title}` : name;
}

/** Lets another player have this name: the player has left the page or shows no controls. */
export function releasePlayerName(player: Element): void {
  named.delete(player);
}
