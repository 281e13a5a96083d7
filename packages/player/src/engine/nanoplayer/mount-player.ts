import { GatecastError } from '@gatecast/token';

/** An element in the page's DOM for a player that finds it by its id. */
export interface PlayerMount {
  readonly id: string;
  readonly element: HTMLElement;
  /** Moves it, hidden, to the end of the page: it stays in the document when the host leaves it. */
  hide(): void;
  remove(): void;
}

let lastNumber = 0;

/**
 * Adds an element for the vendor's player to the children of the host: the player's constructor searches the document
 * for an id, and does not find elements in a shadow tree. If the page has a child with `slot="player"`, it is added
 * there.
 *
 * @throws GatecastError `engine-unsupported` when the element itself is in a shadow tree.
 */
export function mountPlayer(host: HTMLElement): PlayerMount {
  const own = host.querySelector<HTMLElement>(':scope > [slot="player"]');
  const place = document.createElement('div');
  place.id = `gatecast-player-${++lastNumber}`;
  place.style.width = '100%';
  place.style.height = '100%';
  if (!own) place.slot = 'player';
  (own ?? host).append(place);
  if (document.getElementById(place.id) !== place) {
    place.remove();
    throw new GatecastError('engine-unsupported', 'The vendor’s player does not work inside a shadow tree.', {
      hint: 'Put the element with engine="nanoplayer" into the document, not into the shadow tree of another component.',
    });
  }
  return {
    id: place.id,
    element: place,
    hide: () => {
      place.style.display = 'none';
      document.body.append(place);
    },
    remove: () => {
      place.remove();
    },
  };
}
