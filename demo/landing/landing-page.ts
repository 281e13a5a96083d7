import type { SecurePlayer } from '@gatecast/player';
import { wireCopyButton } from '../shared/copy-button.js';
import { findElement } from '../shared/find-element.js';
import { addMissedTokens } from '../shared/record/missed-tokens.js';
import { StreamTimeline } from '../shared/stream-timeline.js';
import { summarizeRecord } from '../shared/record/summarize-record.js';
import { TimelineRecord } from '../shared/record/timeline-record.js';
import { watchPlayback } from '../shared/record/watch-playback.js';
import { watchTokens } from '../shared/record/watch-tokens.js';

const { signal } = new AbortController();
const record = new TimelineRecord();
const player: SecurePlayer | null = document.querySelector('secure-player');
const timeline = findElement('timeline', StreamTimeline);
const embed = findElement('embed', HTMLElement);

timeline.streams = ['demo'];
timeline.record = record;
// The example is to work from where this page was served.
embed.textContent = embed.textContent.replaceAll('http://localhost:5173', location.origin);
wireCopyButton(findElement('copy-html', HTMLButtonElement), () => embed.textContent);

function showFigures(): void {
  const { tokenEnd, renewalCount, stallCount } = summarizeRecord(record, Date.now());
  say('token-end', tokenEnd);
  const { startAtMs, expiresAtMs } = record.tokens.at(-1) ?? {};
  if (startAtMs !== undefined && expiresAtMs) {
    say('lifetime', String(Math.round((expiresAtMs - startAtMs) / 1000)));
  }
  say('renewals', String(renewalCount));
  say('renewals-word', renewalCount === 1 ? 'renewal' : 'renewals');
  say('stalls', String(stallCount));
  say('stalls-word', stallCount === 1 ? 'stall' : 'stalls');
}

function say(id: string, text: string): void {
  const element = findElement(id, HTMLElement);
  if (element.textContent !== text) element.textContent = text;
}

if (player) {
  watchTokens(player, { record, serverOffsetMs: () => 0, signal });
  void customElements.whenDefined('secure-player').then(() => {
    // The tag stands in the page's own HTML and may have begun before this code had arrived.
    addMissedTokens(player, record);
    watchPlayback(player, record, signal);
  });
  setInterval(showFigures, 500);
}
