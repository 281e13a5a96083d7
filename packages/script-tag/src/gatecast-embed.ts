// The script of gatecast-embed.html: connects its player with the page around the frame.
import './gatecast.js';
import { openEmbed } from '@gatecast/player/embed';
import type { GatecastError } from '@gatecast/token';

const player = document.querySelector('secure-player');
const notice = document.getElementById('gatecast-embed-notice');

/** Shows the page's own words to viewers, and the reason to developers. */
function onClosed(error: GatecastError | null): void {
  notice?.toggleAttribute('hidden', error === null);
  player?.toggleAttribute('hidden', error !== null);
  // With it, monitoring of the team knows it too.
  if (error) reportError(new Error(`${error.message} ${error.hint}`));
}

if (player) openEmbed(player, document.getElementById('gatecast-embed')?.textContent ?? '', { onClosed });
