import type { SecurePlayer } from '@gatecast/player';
import type { SecureWebcaster } from '@gatecast/webcaster';
import { streamsOf } from '../shared/settings/player-settings.js';
import { wireFaultButtons } from '../shared/faults/fault-buttons.js';
import { FaultController } from '../shared/faults/fault-controller.js';
import { findElement } from '../shared/find-element.js';
import { removeLoadNotice } from '../shared/load-notice.js';
import { firstPicture } from '../shared/first-picture.js';
import { runBusy } from '../shared/run-busy.js';
import { EventList } from '../shared/panels/event-list.js';
import { followRequests } from '../shared/record/request-feed.js';
import { logPlayback } from '../shared/record/log-playback.js';
import { logTokens } from '../shared/record/log-tokens.js';
import { pause } from '@gatecast/qa/internal/cases/wait-until';
import { simulateBackground, simulatedDriftMs } from '@gatecast/qa/internal/faults/simulated-background';
import { TimelineRecord } from '@gatecast/qa/internal/record/timeline-record';
import { LabSession } from './lab-session.js';
import { broadcastStreamOf } from './lab-settings.js';
import { watchSession } from '@gatecast/qa/internal/record/watch-session';
import { readPageParameters } from '../shared/trust/read-page-parameters.js';
import { watchResources } from './watch-resources.js';

const { signal } = new AbortController();
const record = new TimelineRecord();
// The elements may be defined after this module has run: before that, they have no properties and methods.
const player = findTag<SecurePlayer>('secure-player');
const webcaster = findTag<SecureWebcaster>('secure-webcaster');
const session = new LabSession(await readPageParameters(), player, webcaster);
const events = findElement('events', EventList);

const faults = new FaultController({
  wanted: session.current.player.faults,
  save: (wanted) => session.update({ player: { ...session.current.player, faults: wanted } }),
  log: events,
  record,
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
    streams: () => new Set([...streamsOf(session.current.player), broadcastStreamOf(session.current)]),
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

/** Adds the action of the button that simulates one minute in the background. */
function wireBackgroundButton(): void {
  const button = findElement('background', HTMLButtonElement);
  const wait = (durationMs: number): Promise<void> => pause(durationMs, signal);
  button.addEventListener('click', () => {
    runBusy(button, async () => {
      events.add('Simulated: page hidden, clock moved forward by 1 minute', 'warn');
      await simulateBackground({ driftMs: 60_000, heldMs: 3_000, wait }).finally(() =>
        events.add('Page visible again', 'good'),
      );
    });
  });
}

async function start(): Promise<void> {
  session.update({});
  await session.chooseDriver();
  // Faults must be set before the first request that they affect.
  await Promise.all([
    faults.start(),
    customElements.whenDefined('secure-player'),
    customElements.whenDefined('secure-webcaster'),
  ]);
  const serverOffsetMs = (): number => faults.clockSkewMs - simulatedDriftMs();
  watchSession({ player, webcaster, record, serverOffsetMs, signal });
  logTokens(player, { log: events, purpose: 'Playback', signal });
  logTokens(webcaster, { log: events, purpose: 'Broadcast', signal });
  logPlayback(player, events, signal);
  wireFaultButtons({ faults, element: player, log: events, signal });
  wireBackgroundButton();
  watchRequests();
  session.applyToTags();
  await firstPicture(player);
  const { LabApp } = await import('./lab-app.js');
  await new LabApp({ session, record, faults, events, signal }).runChosen();
}

void start();
void removeLoadNotice();
