import type { MediaChromeMenu } from 'media-chrome/menu';
import { audioDevices, canChooseOutput, listAudioOutputs } from '../../audio-output/audio-devices.js';
import type { AudioDevices, AudioOutputDevice } from '../../audio-output/audio-devices.js';
import type { PlayerMessages } from '../../messages/message-tables.js';
import type { OverlayPlayer } from '../overlay-host.js';
import { create, showItem } from './menu-parts.js';

/** The row of audio devices in the settings menu, and its menu. */
export interface SpeakerRow {
  readonly item: HTMLElement;
  readonly menu: MediaChromeMenu;
}

/** What the viewer can choose from. */
interface Listed {
  readonly devices: readonly AudioOutputDevice[];
  readonly hasChooser: boolean;
}

/**
 * Lists the audio devices, and plays on the one that is chosen. The row is hidden where the browser cannot play on another device, and where
 * it lists none and has no chooser of its own.
 *
 * @param settings - lists them again when it opens, since browsers do not say that the viewer has allowed them
 * @returns a function that stops this.
 */
export function wireSpeaker(
  player: OverlayPlayer,
  { item, menu }: SpeakerRow,
  settings: HTMLElement,
  messages: PlayerMessages,
): () => void {
  const life = new AbortController();
  const { signal } = life;
  const devices = audioDevices();
  let shown = '';

  const mark = (): void => {
    const playing = player.media.sinkId;
    const entries = menu.radioGroupItems;
    const current = entries.find(({ value }) => value === playing) ?? entries[0];
    if (!current || current.checked) return;
    for (const each of entries) each.checked = each === current;
    // The row shows the name of what is checked.
    menu.dispatchEvent(new Event('change'));
  };
  const update = async (): Promise<void> => {
    const listed = await list(player.media, devices);
    if (signal.aborted) return;
    showItem(item, listed.devices.length > 0 || listed.hasChooser);
    const now = JSON.stringify(listed);
    if (now !== shown) {
      shown = now;
      for (const each of [...menu.items]) each.remove();
      menu.append(
        radio('', messages.speakerDefault),
        ...listed.devices.map(({ deviceId, label }, index) =>
          radio(deviceId, label || `${messages.speaker} ${String(index + 1)}`),
        ),
      );
      if (listed.hasChooser) menu.append(chooser(player, { item, menu }, messages.speakerOther));
    }
    mark();
  };
  const refresh = (): void => void update();

  showItem(item, false);
  menu.addEventListener('change', (event) => {
    // One of its own says only that another entry is marked.
    if (event.composed) player.audioOutput = menu.value;
  });
  settings.addEventListener('toggle', refresh, { signal });
  devices?.addEventListener('devicechange', refresh, { signal });
  player.addEventListener('secure-audio-output-changed', refresh, { signal });
  refresh();
  return () => {
    life.abort();
  };
}

async function list(media: HTMLMediaElement, devices: AudioDevices | null): Promise<Listed> {
  if (!canChooseOutput(media)) return { devices: [], hasChooser: false };
  return { devices: await listAudioOutputs(devices), hasChooser: devices?.selectAudioOutput !== undefined };
}

const radio = (value: string, text: string): HTMLElement =>
  create('media-chrome-menu-item', { type: 'radio', value, part: 'menu-item speaker' }, text);

/** Opens the browser's own chooser. The menu would mark it as chosen, so it does not get its clicks and keys. */
function chooser(player: OverlayPlayer, { item, menu }: SpeakerRow, text: string): HTMLElement {
  const entry = create('media-chrome-menu-item', { part: 'menu-item speaker-chooser' }, text);
  const choose = (event: Event): void => {
    event.stopPropagation();
    event.preventDefault();
    menu.hidden = true;
    item.focus();
    // The viewer may close it without a choice, and what the player cannot do it reports itself.
    player.selectAudioOutput().catch(() => undefined);
  };
  entry.addEventListener('click', choose);
  entry.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') choose(event);
  });
  return entry;
}
