import { GatecastError } from '@gatecast/token';

/** A place in the page's own tree for a player that finds it by its id. */
export interface PlayerMount {
  readonly id: string;
  readonly element: HTMLElement;
  remove(): void;
}

let lastNumber = 0;

/**
 * Makes a place for the vendor's player among the element's children: its constructor looks for an id in the document,
 * which no shadow tree can offer. A child with `slot="player"` that the page has put there is used and kept.
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
    throw new GatecastError(
      'engine-unsupported',
      'The vendor’s player finds no place inside a shadow tree.',
      {
        hint: 'Put the element with engine="nanoplayer" into the document itself, not into another component’s shadow tree.',
      },
    );
  }
  return {
    id: place.id,
    element: place,
    remove: () => {
      place.remove();
    },
  };
}
