import { onRemoved, type EventLog } from '@gatecast/element';
import type { GatecastError } from '@gatecast/token';
import type { ReactiveController, ReactiveControllerHost } from '@lit/reactive-element';
import {
  audioDevices,
  canChooseOutput,
  listAudioOutputs,
  listNamedOutputs,
  type AudioDevices,
  type AudioOutputDevice,
} from './audio-devices.js';
import { SecureAudioOutputChangedEvent } from './audio-output-changed-event.js';
import {
  outputError,
  outputInsecure,
  outputLost,
  outputsHidden,
  outputUnsupported,
} from './audio-output-errors.js';

/** The element, as far as choosing a device needs it. */
export interface AudioOutputPlayer extends EventTarget, Pick<ReactiveControllerHost, 'addController'> {
  audioOutput: string;
  /** Another element once a vendor's player has taken the place of ours, or the other way round. */
  readonly media: HTMLMediaElement;
  readonly isConnected: boolean;
}

/** One of them comes soon after another media element plays. */
const MEDIA_EVENTS = ['loadstart', 'loadedmetadata', 'play', 'playing', 'timeupdate'];

const outputs = new WeakMap<object, AudioOutput>();

/** The audio output of an element, which it keeps. */
export function audioOutputOf(
  player: AudioOutputPlayer & Element,
  log: Pick<EventLog, 'add'>,
  devices: AudioDevices | null = audioDevices(),
): AudioOutput {
  let output = outputs.get(player);
  if (!output) {
    outputs.set(player, (output = new AudioOutput(player, log, devices)));
    player.addController(output);
  }
  return output;
}

/**
 * Plays the sound of an element on the device that `audioOutput` names, whichever media element plays. A device that is not there gives way
 * to the default, and has the sound again once it is connected.
 */
export class AudioOutput implements ReactiveController {
  readonly #player: AudioOutputPlayer & Element;
  readonly #log: Pick<EventLog, 'add'>;
  readonly #devices: AudioDevices | null;
  #life: AbortController | null = null;
  /** What was set last, and on which media element. */
  #wanted = '';
  #media: HTMLMediaElement | null = null;
  /** What the event has said last. */
  #deviceId = '';
  #label = '';
  #error: GatecastError | null = null;
  /** Has the list named the device that plays? One by another name, such as `default`, is never missing from it. */
  #isListed = false;
  #run = 0;
  #reportedRun = 0;

  constructor(player: AudioOutputPlayer & Element, log: Pick<EventLog, 'add'>, devices: AudioDevices | null) {
    this.#player = player;
    this.#log = log;
    this.#devices = devices;
  }

  hostConnected(): void {
    if (this.#life) return;
    const { signal } = (this.#life = new AbortController());
    for (const type of MEDIA_EVENTS) this.#player.addEventListener(type, () => this.#follow(), { signal });
    this.#devices?.addEventListener('devicechange', () => void this.#onDeviceChange(), { signal });
    this.#follow();
    // While the element was not in the page, devices may have come and gone.
    void this.#onDeviceChange();
  }

  hostUpdated(): void {
    if (this.#life) this.#follow();
  }

  hostDisconnected(): void {
    onRemoved(this.#player, () => {
      this.#life?.abort();
      this.#life = null;
    });
  }

  /**
   * Lets the viewer choose a device where the browser has a chooser.
   *
   * @returns the devices that can be set as `audioOutput`
   * @throws GatecastError why there are none
   */
  async select(): Promise<readonly AudioOutputDevice[]> {
    const devices = this.#devices;
    if (!devices) throw outputInsecure();
    if (!canChooseOutput(this.#player.media)) throw outputUnsupported();
    if (devices.selectAudioOutput) {
      const { deviceId } = await devices.selectAudioOutput().catch((cause: unknown) => {
        throw outputError(cause);
      });
      this.#player.audioOutput = deviceId;
      await this.#apply();
      if (this.#error) throw this.#error;
    }
    const listed = await listAudioOutputs(devices);
    if (listed.length === 0) throw outputsHidden();
    return listed;
  }

  /** Sets the device where it is not set: after a choice, and on a media element in the place of another. */
  #follow(): void {
    const { audioOutput, media } = this.#player;
    if (audioOutput !== this.#wanted || media !== this.#media) void this.#apply();
  }

  async #apply(): Promise<void> {
    const run = ++this.#run;
    const { media, audioOutput } = this.#player;
    const before = this.#media;
    this.#wanted = audioOutput;
    this.#media = media;
    // An element that nobody has set plays on the default.
    if (audioOutput === '' && before === null) return;
    const error = await setDevice(media, audioOutput);
    if (error && run === this.#run) await setDevice(media, '');
    const deviceId = error ? '' : audioOutput;
    const label = await this.#labelOf(deviceId);
    if (run === this.#run) this.#report(deviceId, label, error);
    // A call that the browser took long for must not undo the one after it.
    else if (this.#reportedRun === this.#run && media === this.#media && media.sinkId !== this.#deviceId)
      await setDevice(media, this.#deviceId);
  }

  async #onDeviceChange(): Promise<void> {
    const run = this.#run;
    const listed = await listNamedOutputs(this.#devices);
    const { audioOutput } = this.#player;
    if (run !== this.#run || audioOutput === '' || !this.#life) return;
    // Once a permission has expired, a browser without a chooser lists none, although the device may go on playing. Firefox
    // lists those that were chosen.
    if (listed.length === 0 && !this.#devices?.selectAudioOutput) return;
    const isThere = listed.some(({ deviceId }) => deviceId === audioOutput);
    if (isThere && this.#error) await this.#apply();
    if (isThere || this.#deviceId !== audioOutput || !this.#isListed) return;
    const next = ++this.#run;
    const lost = outputLost(this.#label);
    await setDevice(this.#player.media, '');
    if (next === this.#run) this.#report('', '', lost);
  }

  async #labelOf(deviceId: string): Promise<string> {
    if (deviceId === '') return '';
    const found = (await listAudioOutputs(this.#devices)).find((each) => each.deviceId === deviceId);
    this.#isListed = found !== undefined;
    return found?.label ?? '';
  }

  #report(deviceId: string, label: string, error: GatecastError | null): void {
    this.#reportedRun = this.#run;
    if (deviceId === this.#deviceId && error?.code === this.#error?.code) return;
    this.#deviceId = deviceId;
    this.#label = label;
    this.#error = error;
    // Names of devices may contain those of people, so the log does not have them.
    this.#log.add(SecureAudioOutputChangedEvent.type, {
      isDefault: deviceId === '',
      code: error?.code ?? null,
    });
    this.#player.dispatchEvent(new SecureAudioOutputChangedEvent(deviceId, label, error));
  }
}

/** @returns why the device is not set; `null` if it is */
async function setDevice(media: HTMLMediaElement, deviceId: string): Promise<GatecastError | null> {
  if (!canChooseOutput(media)) return deviceId === '' ? null : outputUnsupported();
  try {
    await media.setSinkId(deviceId);
    return null;
  } catch (cause) {
    return outputError(cause);
  }
}
