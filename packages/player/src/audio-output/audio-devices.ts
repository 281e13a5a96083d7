/** A device that plays sound. */
export interface AudioOutputDevice {
  /** As in `audioOutput`: the browser's own id, another one for each site. */
  readonly deviceId: string;
  /** As the system names it; empty where the browser hides it. */
  readonly label: string;
}

/** The members of `navigator.mediaDevices` that choosing a device needs. */
export interface AudioDevices extends Pick<MediaDevices, 'enumerateDevices'> {
  readonly addEventListener: MediaDevices['addEventListener'];
  /** Shows the browser's own chooser, in Firefox. @see https://w3c.github.io/mediacapture-output/#dom-mediadevices-selectaudiooutput */
  readonly selectAudioOutput?: () => Promise<AudioOutputDevice>;
}

/** Chromium's names for what the system has set, beside the devices themselves. */
const ALIASES: readonly string[] = ['default', 'communications'];

/** `null` where there are none, such as on pages without HTTPS. */
export function audioDevices(): AudioDevices | null {
  const { mediaDevices } = navigator as { mediaDevices?: AudioDevices };
  return mediaDevices ?? null;
}

/**
 * The devices that the browser lets this page use, except for the default. Empty before the viewer has allowed any: Firefox asks with its
 * chooser, Chromium and Safari list them once the page may use the microphone.
 */
export async function listAudioOutputs(devices: AudioDevices | null): Promise<AudioOutputDevice[]> {
  const named = await listNamedOutputs(devices);
  return named.filter(({ deviceId }) => !ALIASES.includes(deviceId));
}

/** As `listAudioOutputs`, with the names for the default. Empty only while the browser hides the devices, or has none. */
export async function listNamedOutputs(devices: AudioDevices | null): Promise<AudioOutputDevice[]> {
  const all = (await devices?.enumerateDevices().catch(() => [])) ?? [];
  return all
    .filter(({ kind, deviceId }) => kind === 'audiooutput' && deviceId !== '')
    .map(({ deviceId, label }) => ({ deviceId, label }));
}

/** Can this browser play a media element on another device? Firefox from 116 and Safari from 18.4 can; no mobile one can. */
export function canChooseOutput(media: HTMLMediaElement): boolean {
  return 'setSinkId' in media;
}
