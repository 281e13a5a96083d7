import type { SecurePlayer } from '@gatecast/player';
import { wireCopyButton } from '../shared/copy-button.js';
import { FaultConsole } from '../shared/faults/fault-console.js';
import { findElement } from '../shared/find-element.js';
import { firstPicture } from '../shared/first-picture.js';
import { EventList } from '../shared/record/event-list.js';
import { networkFaults, simulateOnline } from '../shared/faults/network-switch.js';
import { PlaybackFacts } from './playback-facts.js';
import { followRequests } from '../shared/record/request-feed.js';
import {
  fillSetting,
  fillSettingsForm,
  readSettingsForm,
  settingField,
} from '../shared/settings/settings-form.js';
import { StreamTimeline } from '../shared/stream-timeline.js';
import { applyAttributes } from '../shared/settings/tag-settings.js';
import { logPlayback } from '../shared/record/log-playback.js';
import { logTokens } from '../shared/record/log-tokens.js';
import { TimelineRecord } from '../shared/record/timeline-record.js';
import { watchPlayback } from '../shared/record/watch-playback.js';
import { watchTokens } from '../shared/record/watch-tokens.js';
import {
  type PlayerSettings,
  applyPreset,
  playerAttributes,
  playerSpec,
  presetOf,
  readSettings,
  sourceAttributes,
  splitNames,
  streamsOf,
  writePlayerHtml,
  writeSettings,
} from '../shared/settings/player-settings.js';

const life = new AbortController();
const { signal } = life;
const record = new TimelineRecord();
const player = findPlayer();
const timeline = findElement('timeline', StreamTimeline);
const facts = findElement('facts', PlaybackFacts);
const events = findElement('events', EventList);
const form = findElement('settings', HTMLFormElement);
const windowSelect = findElement('window', HTMLSelectElement);
const offlineButton = findElement('go-offline', HTMLButtonElement);

let settings = readSettings(new URLSearchParams(location.search));
let clockSkewMs = 0;

const faults = new FaultConsole({
  wanted: settings.faults,
  onWanted: (wanted, words) => {
    events.add(words, 'warn');
    show({ ...settings, faults: wanted });
  },
  onSettings: ({ clockSkewSeconds = 0, tokens, media }) => {
    clockSkewMs = clockSkewSeconds * 1000;
    setOffline(tokens?.down === true && media?.down === true);
  },
  signal,
});

/** The tag may be defined after this module has run: until then it is an element without members. */
function findPlayer(): SecurePlayer {
  const element = document.querySelector('secure-player');
  if (!element) throw new TypeError('The page has no <secure-player>.');
  return element;
}

/** Makes page and address say the settings; the tag itself is left alone. */
function show(next: PlayerSettings): void {
  settings = next;
  const query = writeSettings(settings).toString();
  globalThis.history.replaceState(null, '', query === '' ? location.pathname : `?${query}`);
  timeline.streams = streamsOf(settings);
  timeline.window = {
    pastMs: settings.windowSeconds * 1000,
    futureMs: settings.windowSeconds * 500,
  };
  findElement('embed', HTMLElement).textContent = writePlayerHtml(settings, location.origin);
}

function play(next: PlayerSettings): void {
  show(next);
  fillForm();
  applyToTag();
}

function fillForm(): void {
  fillSettingsForm(form, playerSpec, settings);
  fillSetting(settingField(form, 'entries'), settings.entries.join(','));
  const preset = findElement('preset', HTMLSelectElement);
  const played = presetOf(settings);
  preset.value = [...preset.options].some(({ value }) => value === played) ? played : '';
}

function applyToTag(): void {
  applyAttributes(player, playerSpec, playerAttributes(settings));
  const sources = sourceAttributes(settings).map((attributes) => {
    const source = document.createElement('source');
    for (const [name, value] of attributes) source.setAttribute(name, value);
    return source;
  });
  const present = [...player.querySelectorAll('source')];
  const isSame =
    present.length === sources.length &&
    present.every((child, index) => child.isEqualNode(sources[index] ?? null));
  if (!isSame) player.replaceChildren(...sources);
}

function readForm(): PlayerSettings {
  const entries = splitNames(settingField(form, 'entries').value);
  return { ...settings, ...readSettingsForm(form, playerSpec), entries };
}

/** From here on the page's own modules are loaded, so that what is measured is the tag. */
function timeFirstPicture(): void {
  const startedAtMs = performance.now();
  player.addEventListener(
    'loadeddata',
    () => {
      facts.firstPictureMs = performance.now() - startedAtMs;
    },
    { once: true, signal },
  );
}

function setOffline(isOffline: boolean): void {
  if ((offlineButton.ariaPressed === 'true') === isOffline) return;
  offlineButton.ariaPressed = String(isOffline);
  offlineButton.textContent = isOffline ? 'Back online' : 'Go offline';
  events.add(isOffline ? 'The network is gone' : 'The network is back', isOffline ? 'warn' : 'good');
  simulateOnline(!isOffline);
}

function wireSettings(): void {
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('change', ({ target }) => {
    const isPreset = target instanceof HTMLSelectElement && target.id === 'preset';
    play(isPreset ? applyPreset(settings, target.value) : readForm());
  });
  windowSelect.addEventListener('change', () =>
    show({ ...settings, windowSeconds: Number(windowSelect.value) }),
  );
  const seconds = String(settings.windowSeconds);
  if (![...windowSelect.options].some((option) => option.value === seconds)) {
    windowSelect.add(new Option(`${seconds} seconds`, seconds));
  }
  windowSelect.value = seconds;
}

function wireActions(): void {
  const onClick = (id: string, act: () => void): void =>
    findElement(id, HTMLButtonElement).addEventListener('click', act);
  onClick('refresh-token', () => {
    // What goes wrong comes out as an event too, and is told from there.
    player.refreshToken().catch(() => undefined);
  });
  onClick('expire-now', () => {
    events.add('All tokens expired at the backend', 'warn');
    void faults.trigger('expireNow');
  });
  onClick('go-offline', () => {
    const isToBeOffline = offlineButton.ariaPressed !== 'true';
    void faults.set(Object.fromEntries(networkFaults.map((path) => [path, isToBeOffline || null])));
  });
}

function wireCopies(): void {
  const takeDiagnostics = (): string => {
    const text = JSON.stringify(player.diagnostics(), null, 2);
    findElement('diagnostics', HTMLElement).textContent = text;
    return text;
  };
  wireCopyButton(findElement('copy-link', HTMLButtonElement), () => location.href);
  wireCopyButton(findElement('copy-embed', HTMLButtonElement), () =>
    writePlayerHtml(settings, location.origin),
  );
  wireCopyButton(findElement('copy-diagnostics', HTMLButtonElement), takeDiagnostics);
  findElement('take-diagnostics', HTMLButtonElement).addEventListener('click', takeDiagnostics);
}

async function start(): Promise<void> {
  // Each request on the way to the first picture would have them drawn anew.
  void firstPicture(player).then(() => {
    timeline.record = record;
    facts.record = record;
  });
  wireSettings();
  wireActions();
  show(settings);
  fillForm();
  watchTokens(player, { record, serverOffsetMs: () => clockSkewMs, signal });
  logTokens(player, { list: events, signal });
  logPlayback(player, events, signal);
  // A fault is to be there before the first request that it is for.
  await Promise.all([faults.start(), customElements.whenDefined('secure-player')]);
  facts.player = player;
  wireCopies();
  watchPlayback(player, record, signal);
  timeFirstPicture();
  applyToTag();
  followRequests({
    streams: () => new Set(streamsOf(settings)),
    onRequests: (marks) => record.addRequests(marks),
    signal,
  });
}

void start();
