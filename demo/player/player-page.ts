import type { SecurePlayer } from '@gatecast/player';
import { wireFaultButtons } from '../shared/faults/fault-buttons.js';
import { FaultController } from '../shared/faults/fault-controller.js';
import { findElement } from '../shared/find-element.js';
import { removeLoadNotice } from '../shared/load-notice.js';
import { firstPicture } from '../shared/first-picture.js';
import { EventList } from '../shared/panels/event-list.js';
import { logPlayback } from '../shared/record/log-playback.js';
import { logTokens } from '../shared/record/log-tokens.js';
import { followRequests } from '../shared/record/request-feed.js';
import { TimelineRecord } from '@gatecast/qa/internal/record/timeline-record';
import { watchSession } from '@gatecast/qa/internal/record/watch-session';
import { applyPlayerSettings } from '../shared/settings/apply-player-settings.js';
import { PageSettings } from '../shared/settings/page-settings.js';
import { readSettings, streamsOf, writeSettings } from '../shared/settings/player-settings.js';
import { readPageParameters } from '../shared/trust/read-page-parameters.js';

const { signal } = new AbortController();
const record = new TimelineRecord();
const settings = new PageSettings(await readPageParameters(), readSettings, writeSettings);
const player = findPlayer();
const events = findElement('events', EventList);

const faults = new FaultController({
  wanted: settings.current.faults,
  save: (wanted) => settings.update({ faults: wanted }),
  log: events,
  record,
  signal,
});

/** The element may be defined after this module has run: before that, it has no properties and methods. */
function findPlayer(): SecurePlayer {
  const element = document.querySelector('secure-player');
  if (!element) throw new TypeError('The page has no <secure-player>.');
  return element;
}

/** Resolves with the time from this call to the first picture, in milliseconds. */
function timeFirstPicture(): Promise<number> {
  const startedAtMs = performance.now();
  return new Promise((resolve) => {
    player.addEventListener('loadeddata', () => resolve(performance.now() - startedAtMs), {
      once: true,
      signal,
    });
  });
}

async function start(): Promise<void> {
  settings.update({});
  logTokens(player, { log: events, signal });
  logPlayback(player, events, signal);
  // Faults must be set before the first request that they affect.
  await Promise.all([faults.start(), customElements.whenDefined('secure-player')]);
  wireFaultButtons({ faults, element: player, log: events, signal });
  watchSession({ player, webcaster: null, record, serverOffsetMs: () => faults.clockSkewMs, signal });
  const firstPictureMs = timeFirstPicture();
  applyPlayerSettings(player, settings.current);
  followRequests({
    streams: () => new Set(streamsOf(settings.current)),
    onRequests: (marks) => record.addRequests(marks),
    signal,
  });
  await firstPicture(player);
  const { showPlayerPanels } = await import('./player-panels.js');
  showPlayerPanels({ player, record, settings, faults, firstPictureMs });
}

void start();
void removeLoadNotice();
