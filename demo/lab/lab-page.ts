import type { SecurePlayer } from '@gatecast/player';
import type { SecureWebcaster } from '@gatecast/webcaster';
import {
  applyPreset,
  playerAttributes,
  playerSpec,
  sourceAttributes,
  streamsOf,
} from '../player/player-settings.js';
import { FaultConsole } from '../shared/fault-console.js';
import { type FaultDriver, backendFaults } from '../shared/fault-driver.js';
import { findElement } from '../shared/find-element.js';
import { HappeningList } from '../shared/happening-list.js';
import { followRequests } from '../shared/request-feed.js';
import { applyAttributes, tagAttributes } from '../shared/tag-settings.js';
import { tellPlayback } from '../shared/tell-playback.js';
import { tellTokens } from '../shared/tell-tokens.js';
import { TestPictureSwitch } from '../shared/test-picture-switch.js';
import { TimeAxis } from './axis/time-axis.js';
import { CaseQueue } from './case-queue.js';
import { CasePanel } from './cases/case-panel.js';
import type { QaCase } from './cases/qa-case.js';
import { writeReport } from './export-session.js';
import { showOffline, wireFaultButtons } from './fault-buttons.js';
import { hasFaultApi } from './faults/has-fault-api.js';
import { createPageFaults } from './faults/page-faults.js';
import { simulatedDriftMs } from './faults/simulated-background.js';
import { LabRecord } from './lab-record.js';
import {
  type LabSettings,
  addressesOf,
  broadcastStreamOf,
  labWebcasterSpec,
  readLabSettings,
  writeLabHtml,
  writeLabSettings,
  writeVendorLink,
} from './lab-settings.js';
import './inspector/token-inspector.js';
import { wireSessionExports } from './session-exports.js';
import { SettingForms } from './setting-forms.js';
import { watchResources } from './watch-resources.js';
import { ingestLane, watchSession } from './watch-session.js';

const { signal } = new AbortController();
const record = new LabRecord();
// The tags may be defined after this module has run: until then they are elements without members.
const player = findTag<SecurePlayer>('secure-player');
const webcaster = findTag<SecureWebcaster>('secure-webcaster');
const axis = findElement('axis', TimeAxis);
const panel = findElement('cases', CasePanel);
const happenings = findElement('happenings', HappeningList);

let settings = readLabSettings(new URLSearchParams(location.search));
let clockSkewMs = 0;
const tokenUrl = (): string => {
  const address = settings.player.values['token-url'] ?? '';
  return URL.canParse(address, location.href) ? new URL(address, location.href).href : '';
};
// What is asked of another deployment can only be broken on its way to this page.
const pageFaults = createPageFaults({ tokenUrl });
let driver: FaultDriver = backendFaults;

const faults = new FaultConsole({
  wanted: settings.player.faults,
  onWanted: (wanted, words) => {
    happenings.add(words, 'warn');
    record.addIncident('fault', words);
    show({ ...settings, player: { ...settings.player, faults: wanted } });
  },
  onSettings: ({ clockSkewSeconds = 0, tokens, media }) => {
    clockSkewMs = clockSkewSeconds * 1000;
    showOffline(tokens?.down === true && media?.down === true, happenings);
  },
  driver: () => driver,
  signal,
});

function findTag<Tag extends Element>(name: string): Tag {
  const element = document.querySelector<Tag>(name);
  if (!element) throw new TypeError(`The page has no <${name}>.`);
  return element;
}

/** Makes page and address say the settings; the tags themselves are left alone. */
function show(next: LabSettings): void {
  settings = next;
  const query = writeLabSettings(settings).toString();
  globalThis.history.replaceState(null, '', query === '' ? location.pathname : `?${query}`);
  axis.streams = [...streamsOf(settings.player), ingestLane(broadcastStreamOf(settings))];
  findElement('embed', HTMLElement).textContent = writeLabHtml(settings, location.origin);
  findElement('vendor-link', HTMLAnchorElement).href = writeVendorLink(settings, location.origin);
}

async function play(next: LabSettings): Promise<void> {
  show(next);
  forms.fill(settings);
  await chooseDriver();
  applyAttributes(player, playerSpec, playerAttributes(settings.player));
  applySources();
  applyAttributes(webcaster, labWebcasterSpec, tagAttributes(labWebcasterSpec, settings.webcaster));
}

function applySources(): void {
  const sources = sourceAttributes(settings.player).map((attributes) => {
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

async function chooseDriver(): Promise<void> {
  const isBackend = await hasFaultApi(addressesOf(settings), location.href);
  driver = isBackend ? backendFaults : pageFaults;
  panel.hasFaultApi = isBackend;
  findElement('fault-reach', HTMLElement).textContent = isBackend
    ? 'These act on the demo’s backend, for every page that uses it.'
    : 'This backend has no fault switches: answers are replaced in this page, as far as that goes.';
}

async function prepareCase(qaCase: QaCase): Promise<void> {
  const { name, play: preset } = qaCase;
  const next = { ...settings, caseName: name };
  happenings.add(`Case: ${qaCase.title}`);
  await play(preset === undefined ? next : { ...next, player: applyPreset(settings.player, preset) });
}

const forms = new SettingForms({
  onPreset: (preset) => void play({ ...settings, player: applyPreset(settings.player, preset) }),
  onChange: () => void play(forms.read(settings)),
});

const queue = new CaseQueue({
  panel,
  prepare: prepareCase,
  bench: () => ({ player, webcaster, record, faults: driver }),
  onResult: ({ outcome, words }) =>
    happenings.add(`Verdict: ${outcome}. ${words}`, outcome === 'failed' ? 'bad' : 'good'),
});

// A case that is left half-way takes back what it broke: others use the backend too.
function leave(): void {
  if (!queue.isRunning) return;
  void queue.run([]);
  // The case itself may wait for an answer that does not come any more.
  void driver.clear();
}

addEventListener('pagehide', leave, { signal });

async function takeReport(): Promise<string> {
  return writeReport(record, {
    settings: Object.fromEntries(writeLabSettings(settings)),
    results: panel.results,
    player: player.diagnostics(),
    webcaster: await webcaster.diagnostics(),
    userAgent: navigator.userAgent,
    atMs: Date.now(),
  });
}

function watchRequests(): void {
  followRequests({
    streams: () => new Set([...streamsOf(settings.player), broadcastStreamOf(settings)]),
    onRequests: (marks) => {
      if (driver.kind === 'backend') record.addRequests(marks);
    },
    signal,
  });
  watchResources({
    tokenUrl,
    driftMs: simulatedDriftMs,
    onRequests: (marks) => {
      if (driver.kind === 'page') record.addRequests(marks);
    },
    signal,
  });
}

async function start(): Promise<void> {
  axis.record = record;
  axis.broadcast = true;
  axis.spanMs = settings.player.windowSeconds * 1500;
  axis.addEventListener('span-change', () => {
    const windowSeconds = Math.max(10, Math.min(1200, Math.round(axis.spanMs / 1500)));
    show({ ...settings, player: { ...settings.player, windowSeconds } });
  });
  show(settings);
  forms.fill(settings);
  await chooseDriver();
  // A fault is to be there before the first request that it is for.
  await Promise.all([
    faults.start(),
    customElements.whenDefined('secure-player'),
    customElements.whenDefined('secure-webcaster'),
  ]);
  const serverOffsetMs = (): number => clockSkewMs - simulatedDriftMs();
  watchSession({ player, webcaster, record, serverOffsetMs, signal });
  tellTokens(player, { list: happenings, purpose: 'Playback', signal });
  tellTokens(webcaster, { list: happenings, purpose: 'Broadcast', signal });
  tellPlayback(player, happenings, signal);
  watchRequests();
  new TestPictureSwitch(webcaster, {
    isOn: settings.hasTestPicture,
    onChange: (hasTestPicture) => show({ ...settings, hasTestPicture }),
    signal,
  });
  wireFaultButtons({ faults, player, happenings, signal });
  wireSessionExports({
    axis,
    record,
    html: () => writeLabHtml(settings, location.origin),
    vendorLink: () => writeVendorLink(settings, location.origin),
    report: takeReport,
  });
  await play(settings);
  if (settings.caseName !== '') await queue.run([settings.caseName]);
}

void start();
