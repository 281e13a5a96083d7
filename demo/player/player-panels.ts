import type { SecurePlayer } from '@gatecast/player';
import { TimeAxis } from '../shared/axis/time-axis.js';
import { wireCopyButton } from '../shared/copy-button.js';
import type { FaultController } from '../shared/faults/fault-controller.js';
import { FaultPanel } from '../shared/faults/fault-panel.js';
import { findElement } from '../shared/find-element.js';
import { TextPanel } from '../shared/panels/text-panel.js';
import type { TimelineRecord } from '@gatecast/qa/internal/record/timeline-record';
import { applyPlayerSettings } from '../shared/settings/apply-player-settings.js';
import type { PageSettings } from '../shared/settings/page-settings.js';
import {
  type PlayerSettings,
  applyPreset,
  streamsOf,
  writePlayerHtml,
} from '../shared/settings/player-settings.js';
import { PlayerForm } from '../shared/settings/settings-form.js';
import { allowScripts } from '../shared/trust/allow-scripts.js';
import { PlaybackFacts } from './playback-facts.js';

export interface PlayerPanelsOptions {
  readonly player: SecurePlayer;
  readonly record: TimelineRecord;
  readonly settings: PageSettings<PlayerSettings>;
  readonly faults: FaultController;
  /** Resolves with the time to the first picture, in milliseconds. */
  readonly firstPictureMs: Promise<number>;
}

const mainFields = [
  ...['src', 'entries', 'token-url', 'token-placement', 'refresh-lead', 'engine', 'preload', 'controls'],
  ...['autoplay', 'muted', 'playsinline', 'loop'],
];

/** Fills the panels of the page. The page loads this module after the first picture, which does not need it. */
export function showPlayerPanels(options: PlayerPanelsOptions): void {
  const { player, record, settings, faults, firstPictureMs } = options;
  const axis = findElement('axis', TimeAxis);
  const facts = findElement('facts', PlaybackFacts);
  const embed = findElement('embed', TextPanel);

  function showSettings(): void {
    axis.streams = streamsOf(settings.current);
    embed.refresh();
  }

  function play(changed: Partial<PlayerSettings>): void {
    settings.update(changed);
    form.fill(settings.current);
    void allowScripts(Object.entries(settings.current.values)).then(() =>
      applyPlayerSettings(player, settings.current),
    );
  }

  const form: PlayerForm = new PlayerForm(findElement('settings', HTMLFormElement), {
    main: mainFields,
    onPreset: (preset) => play(applyPreset(settings.current, preset)),
    onChange: () => play(form.read()),
  });
  form.fill(settings.current);
  embed.read = () => writePlayerHtml(settings.current, location.origin);
  findElement('diagnostics', TextPanel).read = () => JSON.stringify(player.diagnostics(), null, 2);
  settings.addEventListener('change', showSettings);
  showSettings();
  axis.showWindow(record, settings.current.windowSeconds, (windowSeconds) =>
    settings.update({ windowSeconds }),
  );
  facts.player = player;
  facts.record = record;
  void firstPictureMs.then((ms) => (facts.firstPictureMs = ms));
  findElement('faults', FaultPanel).faults = faults;
  wireCopyButton(findElement('copy-link', HTMLButtonElement), () => location.href);
}
