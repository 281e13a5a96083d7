import { BroadcastMonitor, createPlayer } from '../shared/broadcast/broadcast-monitor.js';
import { playBroadcast } from '../shared/broadcast/play-broadcast.js';
import { findElement } from '../shared/find-element.js';
import { removeLoadNotice } from '../shared/load-notice.js';
import { TextPanel } from '../shared/panels/text-panel.js';
import { writeTagHtml } from '../shared/settings/tag-html.js';
import { TestPictureSwitch } from '../shared/broadcast/test-picture-switch.js';
import { showDelay } from './delay-line.js';

const { signal } = new AbortController();
const parameters = new URLSearchParams(location.search);
// A new name for each visit, so that two visitors do not use the same stream.
const stream = parameters.get('stream') ?? `live-${crypto.randomUUID().slice(0, 6)}`;
const endpoint = `/whip/${encodeURIComponent(stream)}`;

const monitor = new BroadcastMonitor({ stream: () => stream, signal });
monitor.webcaster.setAttribute('endpoint', endpoint);
monitor.webcaster.setAttribute('upload-test-url', '/api/upload-test/{stream}');
monitor.webcaster.setAttribute('countdown', parameters.get('countdown') ?? '0');
new TestPictureSwitch(monitor.webcaster, { isOn: parameters.get('picture') === 'test', signal });

/** Plays the same broadcast by WHEP. The timeline has only the player of HLS: both use tokens of one stream. */
async function viewByWhep(): Promise<void> {
  await Promise.all(['secure-webcaster', 'secure-player'].map((tag) => customElements.whenDefined(tag)));
  const player = createPlayer();
  player.setAttribute('engine', 'whep');
  const screen = findElement('whep-screen', HTMLElement);
  const address = (): string => `/whep/${encodeURIComponent(stream)}`;
  playBroadcast(monitor.webcaster, player, { screen, stream: () => stream, address, signal });
  const details = findElement('whep-details', HTMLElement);
  showDelay({ player, output: findElement('whep-delay', HTMLElement), details, signal });
  showDelay({ player: monitor.player, output: findElement('hls-delay', HTMLElement), signal });
}
void viewByWhep();

/** HTTP status of a playlist whose broadcast has a codec of which no HLS is made. */
const codecNotInHls = 409;
const hlsNote = findElement('hls-note', HTMLElement);
monitor.player.addEventListener(
  'secure-error',
  ({ error }) => {
    hlsNote.hidden = error.status !== codecNotInHls;
  },
  { signal },
);
monitor.webcaster.addEventListener('secure-broadcast-state', () => (hlsNote.hidden = true), { signal });

findElement('whep', HTMLElement).textContent = `/whep/${encodeURIComponent(stream)}`;
findElement('endpoint', HTMLElement).textContent = endpoint;
findElement('playlist', HTMLElement).textContent = `/live/${encodeURIComponent(stream)}.m3u8`;

const html = writeTagHtml({
  tag: 'secure-webcaster',
  attributes: [
    ['endpoint', endpoint],
    ['token-url', '/api/tokens'],
    ['controls', ''],
  ],
  origin: location.origin,
});
const embed = findElement('embed', TextPanel);
embed.read = () => html;
embed.refresh();
void removeLoadNotice();
