import { expect } from 'chai';
import type { SecureWebcaster } from '@gatecast/webcaster';
import { clearFaults, requestLog } from '../support/backend.js';
import { skipUnless } from '../support/skip-unless.js';
import { button, mountWithControls, nameOf } from './support/controls-fixture.js';
import { ColouredSource, overrideSources, untilColours } from './support/coloured-sources.js';
import { mediaOf, mountWebcaster, rejection, unmountAll, until } from './support/webcaster-fixture.js';

const MIDDLE = [40, 40] as const;
const INSET = [83, 83] as const;

/** Plays a recording; resolves with its size. */
async function playRecording(recording: Blob): Promise<string> {
  const video = document.createElement('video');
  video.muted = true;
  video.src = URL.createObjectURL(recording);
  await video.play();
  await until(() => video.currentTime > 0.2, 'playback of the recording');
  URL.revokeObjectURL(video.src);
  return `${String(video.videoWidth)}x${String(video.videoHeight)}`;
}

async function countSessions(webcaster: SecureWebcaster): Promise<number> {
  const path = `/whip/${webcaster.stream ?? ''}`;
  return (await requestLog()).filter((request) => request.method === 'POST' && request.path === path).length;
}

describe('<secure-webcaster> with a composed picture', () => {
  const sources: ColouredSource[] = [];
  const open = (colour: string, width?: number, height?: number): MediaStreamTrack => {
    const source = new ColouredSource(colour, width, height);
    sources.push(source);
    return source.track;
  };
  let restore: (() => void) | null = null;

  before(function () {
    skipUnless('insertable streams', this);
  });

  afterEach(async () => {
    await unmountAll();
    restore?.();
    for (const source of sources.splice(0)) source.stop();
    await clearFaults();
  });

  it('sends all changes of the picture in one track and one session, and records it', async () => {
    const cameras: MediaStreamTrack[] = [];
    const waiting: (() => void)[] = [];
    const camera = async () => {
      const [first] = cameras;
      // As on a phone: one camera at a time.
      if (first?.readyState === 'live') throw new DOMException('In use.', 'NotReadableError');
      if (first) await new Promise<void>((resolve) => waiting.push(resolve));
      const track = open(first ? 'rgb(30 160 30)' : 'rgb(220 30 30)');
      cameras.push(track);
      return track;
    };
    const screen = open('rgb(30 30 220)', 1280, 720);
    restore = overrideSources(camera, () => screen);
    const { webcaster, events } = mountWebcaster({ capture: 'camera screen' });
    await webcaster.startBroadcast();
    const [composed] = mediaOf(webcaster).getVideoTracks();
    expect([screen, ...cameras]).not.to.include(composed);
    await untilColours(webcaster, { blue: MIDDLE, red: INSET }, 'the camera over the screen');
    await webcaster.startRecording();

    webcaster.inset = 'top-left 40%';
    await untilColours(webcaster, { red: [20, 20], blue: INSET }, 'the camera in another corner');
    webcaster.layout = 'side-by-side';
    const logo = Object.assign(document.createElement('canvas'), { width: 20, height: 20 });
    logo.getContext('2d')?.fillRect(0, 0, 20, 20);
    const context = logo.getContext('2d');
    if (context) context.fillStyle = 'rgb(220 220 30)';
    context?.fillRect(0, 0, 20, 20);
    webcaster.overlay = { image: logo, position: 'top-right', size: 10 };
    await untilColours(webcaster, { blue: MIDDLE, red: [80, 60], yellow: [93, 10] }, 'both and the logo');

    const switched = webcaster.switchDevice({ video: 'another' });
    await until(() => waiting.length > 0, 'the request for the other camera');
    await untilColours(webcaster, { blue: MIDDLE, dark: [70, 20] }, 'the slate in the place of the camera');
    waiting[0]?.();
    await switched;
    await untilColours(webcaster, { blue: MIDDLE, green: [80, 60] }, 'the other camera');

    await webcaster.setMuted({ video: true });
    await untilColours(webcaster, { dark: MIDDLE }, 'black');
    await webcaster.setMuted({ video: false });
    // The slate does not wait for the other options.
    webcaster.overlay = { text: 'x'.repeat(501) };
    webcaster.showSlate = true;
    await untilColours(webcaster, { dark: [10, 20] }, 'the slate');
    webcaster.showSlate = false;
    const changes: string[] = [];
    webcaster.addEventListener('secure-capture-changed', ({ previous, capture }) =>
      changes.push(`${previous} > ${capture}`),
    );
    // The browser's own "Stop sharing" ends the track with an event.
    screen.stop();
    screen.dispatchEvent(new Event('ended'));
    await untilColours(webcaster, { green: MIDDLE, yellow: [93, 10] }, 'the camera alone');
    expect(changes).to.deep.equal(['camera screen > camera']);
    expect(mediaOf(webcaster).getVideoTracks()).to.deep.equal([composed]);
    expect(composed?.readyState).to.equal('live');

    // Without anything to compose, the camera is sent as it is.
    webcaster.overlay = null;
    await until(() => mediaOf(webcaster).getVideoTracks()[0] === cameras[1], 'the plain camera');
    expect(composed?.readyState).to.equal('ended');
    expect(webcaster.state).to.equal('live');
    expect(events.filter((event) => event.startsWith('reconnecting'))).to.deep.equal([]);
    expect(await countSessions(webcaster)).to.equal(1);

    await webcaster.stopBroadcast();
    const recording = await webcaster.stopRecording();
    expect(webcaster.recording?.reason).to.equal('ended');
    expect(recording?.size).to.equal(webcaster.recording?.bytes);
    expect(await playRecording(recording ?? new Blob())).to.equal('640x360');
    expect(cameras.map(({ readyState }) => readyState)).to.deep.equal(['ended', 'ended']);
  });

  it('lets the user add the camera to a shared screen, move it and save a recording', async () => {
    let dialogs = 0;
    restore = overrideSources(
      () => Promise.resolve(open('rgb(220 30 30)')),
      () => {
        dialogs += 1;
        return open('rgb(30 30 220)', 1280, 720);
      },
    );
    const webcaster = await mountWithControls({ capture: 'screen' });
    await webcaster.startPreview();
    button(webcaster, 'Camera and microphone').click();
    await webcaster.updateComplete;
    const choose = (label: string, value: string) => {
      const labels = [...webcaster.renderRoot.querySelectorAll('.menu label')];
      const select = labels.find(({ textContent }) => textContent.includes(label))?.querySelector('select');
      if (!select) throw new Error(`There is no menu "${label}".`);
      select.value = value;
      select.dispatchEvent(new Event('change'));
    };
    choose('Layout', 'picture-in-picture');
    await untilColours(webcaster, { blue: MIDDLE, red: INSET }, 'the camera over the screen');
    expect([dialogs, webcaster.capture]).to.deep.equal([1, 'camera screen']);
    choose('Position of the camera', 'top-left');
    await untilColours(webcaster, { red: [10, 10], blue: INSET }, 'the camera in the other corner');

    button(webcaster, 'Start recording').click();
    await until(() => (webcaster.recording?.bytes ?? 0) > 0, 'a recording');
    expect(webcaster.renderRoot.querySelector('[part="recording"]')?.textContent).to.include('Recording');
    const saved: string[] = [];
    // The method itself is that of HTMLElement.
    Object.defineProperty(HTMLAnchorElement.prototype, 'click', {
      configurable: true,
      value(this: HTMLAnchorElement) {
        saved.push(this.download);
      },
    });
    button(webcaster, 'Stop and save recording').click();
    await until(() => saved.length > 0, 'the file');
    Reflect.deleteProperty(HTMLAnchorElement.prototype, 'click');
    expect(saved[0]).to.match(/^recording-[\dT-]+\.webm$/);

    // A page's own stream has the recording already. Its end, which the user did not choose, is said.
    const noticed = () => webcaster.renderRoot.querySelector('[part~="recording-notice"]');
    const written: Blob[] = [];
    const writable = new WritableStream<Blob>({ write: (chunk) => void written.push(chunk) });
    await webcaster.startRecording({ maxSeconds: 0.3, writable });
    await until(() => noticed() !== null, 'the notice');
    expect(noticed()?.textContent).to.include('has reached its limit');
    expect(written).not.to.deep.equal([]);
    const names = () => [...webcaster.renderRoot.querySelectorAll('button')].map(nameOf);
    expect(names()).not.to.include('Save recording');
    await webcaster.startRecording({ maxSeconds: 0.3 });
    await until(() => noticed()?.textContent.includes('Save recording') ?? false, 'a recording to save');
    noticed()?.querySelector<HTMLElement>('[aria-label="Close"]')?.click();
    await webcaster.updateComplete;
    expect(noticed()).to.equal(null);
    expect(names()).to.include('Save recording');
  });

  it('refuses an overlay that it cannot draw, and keeps the picture', async () => {
    let isDenied = false;
    const camera = () =>
      isDenied ? Promise.reject(new DOMException('No.', 'NotAllowedError')) : open('rgb(220 30 30)');
    const screen = open('rgb(30 30 220)', 1280, 720);
    restore = overrideSources(
      async () => camera(),
      () => screen,
    );
    const { webcaster } = mountWebcaster({ layout: 'picture-in-picture', audio: 'none' });
    webcaster.overlay = { text: 'a', position: 'bottom', opacity: 7 };
    const { code, hint } = await rejection(webcaster.startPreview());
    expect([code, hint]).to.deep.equal(['settings-invalid', 'Set opacity to a number from 0 to 1.']);
    webcaster.overlay = null;
    await webcaster.startPreview();
    await untilColours(webcaster, { red: MIDDLE }, 'the camera');
    expect((await rejection(webcaster.startRecording({ mimeType: 'video/none' }))).code).to.equal(
      'settings-invalid',
    );

    await webcaster.setMuted({ video: true });
    await webcaster.switchDevice({ capture: 'camera screen' });
    await webcaster.setMuted({ video: false });
    await untilColours(webcaster, { blue: MIDDLE, red: INSET }, 'a screen that was opened while muted');
    // A failed start does not end a recording.
    await webcaster.startRecording();
    webcaster.setAttribute('publisher', 'none');
    await rejection(webcaster.startBroadcast());
    expect([webcaster.state, webcaster.recording?.state]).to.deep.equal(['failed', 'recording']);
    await webcaster.switchDevice({ capture: 'screen' });
    webcaster.overlay = { text: 'a' };
    await untilColours(webcaster, { blue: INSET }, 'the screen alone');
    isDenied = true;
    screen.stop();
    screen.dispatchEvent(new Event('ended'));
    await untilColours(webcaster, { dark: MIDDLE }, 'nothing of a screen that is no longer shared');
  });
});
