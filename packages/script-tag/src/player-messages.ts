// Of the player's package only what gatecast.js does not hold itself.
export { setPlayerMessages } from '@gatecast/player';
