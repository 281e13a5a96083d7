import { BroadcastMonitor } from '../shared/broadcast/broadcast-monitor.js';
import { TestPictureSwitch } from '../shared/broadcast/test-picture-switch.js';
import { wireCopyButton } from '../shared/copy-button.js';
import { wireFaultButtons } from '../shared/faults/fault-buttons.js';
import { FaultController } from '../shared/faults/fault-controller.js';
import { FaultPanel } from '../shared/faults/fault-panel.js';
import { findElement } from '../shared/find-element.js';
import { removeLoadNotice } from '../shared/load-notice.js';
import { TextPanel } from '../shared/panels/text-panel.js';
import { PageSettings } from '../shared/settings/page-settings.js';
import { webcasterFields } from '../shared/settings/setting-fields.js';
import { TagForm } from '../shared/settings/settings-form.js';
import { applyAttributes, tagAttributes } from '../shared/settings/tag-settings.js';
import {
  readSettings,
  streamOf,
  webcasterSpec,
  writeSettings,
  writeStudioHtml,
} from '../shared/settings/webcaster-settings.js';
import { allowScripts } from '../shared/trust/allow-scripts.js';
import { readPageParameters } from '../shared/trust/read-page-parameters.js';

const { signal } = new AbortController();
const settings = new PageSettings(await readPageParameters(), readSettings, writeSettings);
const embed = findElement('embed', TextPanel);

const monitor: BroadcastMonitor = new BroadcastMonitor({
  stream: () => streamOf(settings.current),
  serverOffsetMs: () => faults.clockSkewMs,
  signal,
});
const { webcaster, events: log, record } = monitor;

const faults = new FaultController({
  wanted: settings.current.faults,
  save: (wanted) => settings.update({ faults: wanted }),
  log,
  record,
  signal,
});

function applyToTag(): void {
  applyAttributes(webcaster, webcasterSpec, tagAttributes(webcasterSpec, settings.current));
}

function wireSettings(): void {
  const form: TagForm = new TagForm(findElement('settings', HTMLFormElement), {
    fields: webcasterFields,
    spec: webcasterSpec,
    main: [
      ...['publisher', 'endpoint', 'stream', 'token-url', 'capture', 'codec', 'resolution', 'framerate'],
      ...['video-bitrate', 'audio-bitrate', 'audio-mode', 'controls'],
    ],
    onChange: () => {
      settings.update(form.read());
      void allowScripts(Object.entries(settings.current.values)).then(applyToTag);
    },
  });
  form.fill(settings.current);
  settings.addEventListener('change', () => {
    embed.refresh();
    monitor.nameLanes();
  });
  new TestPictureSwitch(webcaster, {
    isOn: settings.current.hasTestPicture,
    onChange: (hasTestPicture) => settings.update({ hasTestPicture }),
    signal,
  });
}

async function start(): Promise<void> {
  embed.read = () => writeStudioHtml(settings.current, location.origin);
  wireSettings();
  settings.update({});
  findElement('faults', FaultPanel).faults = faults;
  wireCopyButton(findElement('copy-link', HTMLButtonElement), () => location.href);
  // Faults must be set before the first request that they affect.
  await Promise.all([faults.start(), customElements.whenDefined('secure-webcaster')]);
  wireFaultButtons({ faults, element: webcaster, log, signal });
  findElement('diagnostics', TextPanel).read = async () =>
    JSON.stringify(await webcaster.diagnostics(), null, 2);
  applyToTag();
}

void start();
void removeLoadNotice();
