import type { SecurePlayer } from '@gatecast/player';
import { mountPlayer, until, type PlayerSetup } from './player-fixture.js';

export const skinOf = (player: SecurePlayer): HTMLElement | null =>
  player.shadowRoot?.querySelector<HTMLElement>('media-controller') ?? null;

export const inSkin = (player: SecurePlayer, selector: string): HTMLElement | null =>
  player.shadowRoot?.querySelector<HTMLElement>(`media-controller ${selector}`) ?? null;

/** Puts a player with its skin into the page. */
export async function mountWithSkin(setup: PlayerSetup = {}): Promise<SecurePlayer> {
  const { player } = mountPlayer({ ...setup, attributes: { controls: '', ...setup.attributes } });
  await until(() => skinOf(player) !== null, 'the skin');
  return player;
}

/** The items of a menu of the skin. */
export const menuItems = (player: SecurePlayer, menu: string): HTMLElement[] => [
  ...(inSkin(player, menu)?.shadowRoot?.querySelectorAll<HTMLElement>('media-chrome-menu-item') ?? []),
];
