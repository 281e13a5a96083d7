import type { SecurePlayer } from '@gatecast/player';
import type { SecureWebcaster } from '@gatecast/webcaster';
import { streamsOf } from '../shared/settings/player-settings.js';
import { FaultConsole } from '../shared/faults/fault-console.js';
import { findElement } from '../shared/find-element.js';
import { firstPicture } from '../shared/first-picture.js';
import { EventList } from '../shared/record/event-list.js';
import { followRequests } from '../shared/record/request-feed.js';
import { logPlayback } from '../shared/record/log-playback.js';
import { logTokens } from '../shared/record/log-tokens.js';
import { showOffline, wireFaultButtons } from './fault-buttons.js';
import { simulatedDriftMs } from './faults/simulated-background.js';
import { TimelineRecord } from '../shared/record/timeline-record.js';
import { LabSession } from './lab-session.js';
import { broadcastStreamOf } from './lab-settings.js';
import { watchResources } from './watch-resources.js';
import { watchSession } from './watch-session.js';

const { signal } = new AbortController();
const record = new TimelineRecord();
// The tags may be defined after this module has run: until then they are elements without members.
const player = findTag<SecurePlayer>('secure-player');
const webcaster = findTag<SecureWebcaster>('secure-webcaster');
const session = new LabSession(player, webcaster);
const events = findElement('events', EventList);
let clockSkewMs = 0;

const faults = new FaultConsole({
  wanted: session.settings.player.faults,
  onWanted: (wanted, words) => {
    events.add(words, 'warn');
    record.addIncident('fault', words);
    const { settings } = session;
    session.show({ ...settings, player: { ...settings.player, faults: wanted } });
  },
  onSettings: ({ clockSkewSeconds = 0, tokens, media }) => {
    clockSkewMs = clockSkewSeconds * 1000;
    showOffline(tokens?.down === true && media?.down === true, events);
  },
  driver: () => session.driver,
  signal,
});

function findTag<Tag extends Element>(name: string): Tag {
  const element = document.querySelector<Tag>(name);
  if (!element) throw new TypeError(`The page has no <${name}>.`);
  return element;
}

function watchRequests(): void {
  followRequests({
    streams: () => new Set([...streamsOf(session.settings.player), broadcastStreamOf(session.settings)]),
    onRequests: (marks) => {
      if (session.driver.kind === 'backend') record.addRequests(marks);
    },
    signal,
  });
  watchResources({
    tokenUrl: () => session.tokenUrl,
    driftMs: simulatedDriftMs,
    onRequests: (marks) => {
      if (session.driver.kind === 'page') record.addRequests(marks);
    },
    signal,
  });
}

async function start(): Promise<void> {
  session.show(session.settings);
  await session.chooseDriver();
  // A fault is to be there before the first request that it is for.
  await Promise.all([
    faults.start(),
    customElements.whenDefined('secure-player'),
    customElements.whenDefined('secure-webcaster'),
  ]);
  const serverOffsetMs = (): number => clockSkewMs - simulatedDriftMs();
  watchSession({ player, webcaster, record, serverOffsetMs, signal });
  logTokens(player, { list: events, purpose: 'Playback', signal });
  logTokens(webcaster, { list: events, purpose: 'Broadcast', signal });
  logPlayback(player, events, signal);
  wireFaultButtons({ faults, player, events, signal });
  watchRequests();
  session.applyToTags();
  await firstPicture(player);
  const { LabApp } = await import('./lab-app.js');
  await new LabApp({ session, record, events, signal }).runChosen();
}

void start();
