import { BroadcastMonitor } from '../shared/broadcast/broadcast-monitor.js';
import { findElement } from '../shared/find-element.js';
import { removeLoadNotice } from '../shared/load-notice.js';
import { TextPanel } from '../shared/panels/text-panel.js';
import { writeTagHtml } from '../shared/settings/tag-html.js';
import { TestPictureSwitch } from '../shared/broadcast/test-picture-switch.js';

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
