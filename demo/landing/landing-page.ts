import type { SecurePlayer } from '@gatecast/player';
import { wireCopyButton } from '../shared/copy-button.js';
import { findElement } from '../shared/find-element.js';
import { addMissedTokens } from '@gatecast/qa/internal/record/missed-tokens';
import { TimeAxis } from '../shared/axis/time-axis.js';
import { summarizeRecord } from '../shared/record/summarize-record.js';
import { TimelineRecord } from '@gatecast/qa/internal/record/timeline-record';
import { watchPlayback } from '@gatecast/qa/internal/record/watch-playback';
import { watchTokens } from '@gatecast/qa/internal/record/watch-tokens';

const { signal } = new AbortController();
const record = new TimelineRecord();
const player: SecurePlayer | null = document.querySelector('secure-player');
const axis = findElement('axis', TimeAxis);
const embed = findElement('embed', HTMLElement);

axis.streams = ['demo'];
axis.record = record;
// The example must work on the origin of this page.
embed.textContent = embed.textContent.replaceAll('http://localhost:5173', location.origin);
wireCopyButton(findElement('copy-html', HTMLButtonElement), () => embed.textContent);

function showFigures(): void {
  const { tokenEnd, renewalCount, stallCount } = summarizeRecord(record, Date.now());
  show('token-end', tokenEnd);
  const { startAtMs, expiresAtMs } = record.tokens.at(-1) ?? {};
  if (startAtMs !== undefined && expiresAtMs) {
    // Round up: `expiresAt` is a whole second, and the token arrives some time after it was issued.
    show('lifetime', String(Math.ceil((expiresAtMs - startAtMs) / 1000)));
  }
  show('renewals', String(renewalCount));
  show('renewals-word', renewalCount === 1 ? 'renewal' : 'renewals');
  show('stalls', String(stallCount));
  show('stalls-word', stallCount === 1 ? 'stall' : 'stalls');
}

function show(id: string, text: string): void {
  const element = findElement(id, HTMLElement);
  if (element.textContent !== text) element.textContent = text;
}

if (player) {
  watchTokens(player, { record, serverOffsetMs: () => 0, signal });
  void customElements.whenDefined('secure-player').then(() => {
    // The tag is in the page's HTML and may have started before this code was loaded.
    addMissedTokens(player, record);
    watchPlayback(player, record, signal);
  });
  setInterval(showFigures, 500);
}
