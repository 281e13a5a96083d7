import { BroadcastMonitor } from '../shared/broadcast/broadcast-monitor.js';
import { wireCopyButton } from '../shared/copy-button.js';
import { FaultConsole } from '../shared/faults/fault-console.js';
import { findElement } from '../shared/find-element.js';
import { fillSettingsForm, readSettingsForm } from '../shared/settings/settings-form.js';
import { applyAttributes, tagAttributes } from '../shared/settings/tag-settings.js';
import { TestPictureSwitch } from '../shared/broadcast/test-picture-switch.js';
import { cutNetwork } from './network-cut.js';
import {
  type StudioSettings,
  readSettings,
  streamOf,
  webcasterSpec,
  writeSettings,
  writeStudioHtml,
} from '../shared/settings/webcaster-settings.js';

const { signal } = new AbortController();
const form = findElement('settings', HTMLFormElement);
const diagnostics = findElement('diagnostics', HTMLElement);

let settings = readSettings(new URLSearchParams(location.search));
let clockSkewMs = 0;

const monitor = new BroadcastMonitor({
  stream: () => streamOf(settings),
  serverOffsetMs: () => clockSkewMs,
  signal,
});
const { webcaster, events } = monitor;

const faults = new FaultConsole({
  wanted: settings.faults,
  onWanted: (wanted, words) => {
    events.add(words, 'warn');
    show({ ...settings, faults: wanted });
  },
  onSettings: ({ clockSkewSeconds = 0 }) => {
    clockSkewMs = clockSkewSeconds * 1000;
  },
  signal,
});

/** Makes page and address say the settings. */
function show(next: StudioSettings): void {
  settings = next;
  const query = writeSettings(settings).toString();
  globalThis.history.replaceState(null, '', query === '' ? location.pathname : `?${query}`);
  findElement('embed', HTMLElement).textContent = writeStudioHtml(settings, location.origin);
  monitor.nameLanes();
}

function applyToTag(): void {
  applyAttributes(webcaster, webcasterSpec, tagAttributes(webcasterSpec, settings));
}

function wireSettings(): void {
  fillSettingsForm(form, webcasterSpec, settings);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('change', () => {
    show({ ...settings, ...readSettingsForm(form, webcasterSpec) });
    applyToTag();
  });
  new TestPictureSwitch(webcaster, {
    isOn: settings.hasTestPicture,
    onChange: (hasTestPicture) => show({ ...settings, hasTestPicture }),
    signal,
  });
}

function wireActions(): void {
  const onClick = (id: string, act: (button: HTMLButtonElement) => void): void => {
    const button = findElement(id, HTMLButtonElement);
    button.addEventListener('click', () => act(button));
  };
  onClick('refresh-token', () => {
    // What goes wrong comes out as an event too, and is told from there.
    webcaster.refreshToken().catch(() => undefined);
  });
  onClick('expire-now', () => {
    events.add('All tokens expired at the backend', 'warn');
    void faults.trigger('expireNow');
  });
  onClick('kill-ingest', () => {
    events.add('The ingest drops every broadcast', 'warn');
    void faults.trigger('ingest.kill');
  });
  onClick('refuse-token', () => void faults.set({ 'tokens.fail': 1, 'tokens.status': 403 }));
  onClick('cut-network', (button) => {
    button.disabled = true;
    events.add('The network is gone for ten seconds', 'warn');
    void cutNetwork(faults, signal).finally(() => {
      button.disabled = false;
      events.add('The network is back', 'good');
    });
  });
}

async function takeDiagnostics(): Promise<string> {
  const text = JSON.stringify(await webcaster.diagnostics(), null, 2);
  diagnostics.textContent = text;
  return text;
}

function wireCopies(): void {
  wireCopyButton(findElement('copy-link', HTMLButtonElement), () => location.href);
  wireCopyButton(findElement('copy-embed', HTMLButtonElement), () =>
    writeStudioHtml(settings, location.origin),
  );
  wireCopyButton(findElement('copy-diagnostics', HTMLButtonElement), takeDiagnostics);
  findElement('take-diagnostics', HTMLButtonElement).addEventListener('click', () => void takeDiagnostics());
}

async function start(): Promise<void> {
  wireSettings();
  wireActions();
  show(settings);
  // A fault is to be there before the first request that it is for.
  await Promise.all([faults.start(), customElements.whenDefined('secure-webcaster')]);
  wireCopies();
  applyToTag();
}

void start();
