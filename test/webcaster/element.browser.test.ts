import { systemClock } from '@gatecast/token';
import { SecureWebcaster, setWebcasterMessages } from '@gatecast/webcaster';
import { expect } from 'chai';
import { accessibilityViolations } from '../support/accessibility.js';
import { clearFaults, requestLog, setFaults } from '../support/backend.js';
import { hasFeature } from '../support/feature.js';
import { button, controlsOf, mountWithControls } from './support/controls-fixture.js';
import {
  mediaOf,
  mountWebcaster,
  overrideDevices,
  pause,
  rejection,
  unmountAll,
  until,
} from './support/webcaster-fixture.js';

/** Fails every getUserMedia with a browser's error until the test ends. */
function breakCamera(name: string): () => void {
  return overrideDevices({ getUserMedia: () => Promise.reject(new DOMException('No.', name)) });
}

describe('<secure-webcaster>', () => {
  afterEach(async () => {
    await unmountAll();
    await clearFaults();
  });

  it('may move to another document before it is shown, as frameworks do with templates', async () => {
    const errors: string[] = [];
    const note = ({ message }: ErrorEvent): void => void errors.push(message);
    addEventListener('error', note);
    const { content } = document.createElement('template');
    const webcaster = new SecureWebcaster();
    content.append(webcaster);
    document.body.append(webcaster);
    await webcaster.updateComplete;
    removeEventListener('error', note);
    expect(errors).to.deep.equal([]);
    expect(getComputedStyle(webcaster).display).to.equal('block');
    webcaster.remove();
  });

  it('keeps properties that were set before it was defined', async () => {
    // The tag is not defined yet, as in a page that is still loading the module.
    const tag = 'late-webcaster';
    const early = document.createElement(tag);
    const tokenSource = () => Promise.resolve('token');
    Object.assign(early, { videoBitrate: 900, tokenSource });
    early.setAttribute('capture', 'audio');
    document.body.append(early);
    customElements.define(tag, class extends SecureWebcaster {});
    if (!(early instanceof SecureWebcaster)) throw new Error('It was not upgraded.');
    await early.updateComplete;
    expect([early.videoBitrate, early.capture]).to.deep.equal([900, 'audio']);
    expect(early.tokenSource).to.equal(tokenSource);
    early.remove();
  });

  it('opens no device and requests no token before its first call', async () => {
    const sinceMs = Date.now();
    const { webcaster } = mountWebcaster();
    await webcaster.updateComplete;
    await pause(100);
    expect(webcaster.state).to.equal('idle');
    expect(systemClock.pending).to.equal(0);
    expect((await requestLog({ sinceMs })).filter(({ kind }) => kind === 'token')).to.have.length(0);
  });

  it('shows a preview and fetches a token for the broadcast', async () => {
    const { webcaster, events } = mountWebcaster();
    await webcaster.startPreview();
    expect(webcaster.state).to.equal('preview');
    expect(mediaOf(webcaster).getTracks()).to.have.length(2);
    await until(() => events.includes('secure-token-refreshed'), 'a token');
    await webcaster.stopPreview();
    expect(webcaster.state).to.equal('idle');
    await until(() => systemClock.pending === 0, 'nothing pending');
  });

  it('opens the camera once for several changes in one task', async () => {
    const { webcaster } = mountWebcaster();
    await webcaster.startPreview();
    const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    let calls = 0;
    const restore = overrideDevices({
      getUserMedia: (constraints) => {
        calls += 1;
        return getUserMedia(constraints);
      },
    });
    try {
      webcaster.capture = 'screen';
      webcaster.video = 'none';
      webcaster.capture = 'camera';
      await webcaster.updateComplete;
      await until(() => mediaOf(webcaster).getVideoTracks().length === 0, 'no video');
      await webcaster.switchDevice({ video: '' });
      await webcaster.updateComplete;
      expect(calls).to.equal(1);
    } finally {
      restore();
    }
  });

  const captureErrors: [string, string][] = [
    ['NotAllowedError', 'permission-denied'],
    ['NotFoundError', 'device-not-found'],
    ['NotReadableError', 'device-in-use'],
  ];
  for (const [name, code] of captureErrors) {
    it(`reports ${name} as ${code} and recovers when the cause is removed`, async () => {
      const mend = breakCamera(name);
      const { webcaster, events } = mountWebcaster();
      try {
        expect((await rejection(webcaster.startPreview())).code).to.equal(code);
      } finally {
        mend();
      }
      expect(webcaster.state).to.equal('failed');
      expect(events).to.include.members([`failed:${code}`, 'secure-error']);
      await webcaster.startPreview();
      expect(webcaster.state).to.equal('preview');
    });
  }

  it('keeps the open devices when a switch fails', async () => {
    const { webcaster } = mountWebcaster();
    await webcaster.startPreview();
    const [track] = mediaOf(webcaster).getVideoTracks();
    const mend = breakCamera('OverconstrainedError');
    try {
      expect((await rejection(webcaster.switchDevice({ video: 'gone' }))).code).to.equal('device-not-found');
    } finally {
      mend();
    }
    expect([webcaster.state, webcaster.video]).to.deep.equal(['preview', '']);
    expect(track?.readyState).to.equal('live');
  });

  it('distinguishes a refused user from a broken token endpoint, without a token in the error', async () => {
    await setFaults({ tokens: { fail: 1, status: 403 } });
    const { webcaster } = mountWebcaster();
    const error = await rejection(webcaster.signIn());
    expect(error.code).to.equal('token-refused');
    await webcaster.refreshToken();
    const diagnostics = JSON.stringify(await webcaster.diagnostics());
    expect(diagnostics).not.to.match(/eyJ[\w-]+\./);
    expect(diagnostics).to.contain('secure-token-refreshed');
  });

  it('names the setting that is missing', async () => {
    const { webcaster } = mountWebcaster({ endpoint: '' });
    const error = await rejection(webcaster.startBroadcast());
    expect([error.code, webcaster.state]).to.deep.equal(['settings-invalid', 'failed']);
  });

  // Only in browsers where something is missing.
  if (!hasFeature('webrtc h264')) {
    it('names what is missing in a browser without WebRTC or without the ingest’s codec', async () => {
      const { webcaster } = mountWebcaster({ codec: 'h264' });
      const { code } = await rejection(webcaster.startBroadcast());
      expect(code).to.equal(hasFeature('webrtc') ? 'codec-unavailable' : 'webrtc-unsupported');
      expect(mediaOf(webcaster).getVideoTracks()[0]?.readyState).to.equal('live');
    });
  }

  it('releases the camera on pagehide and opens it again after a return from the back/forward cache', async () => {
    const { webcaster } = mountWebcaster();
    await webcaster.startPreview();
    const tracks = mediaOf(webcaster).getTracks();
    dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    expect(tracks.map((track) => track.readyState)).to.deep.equal(['ended', 'ended']);
    expect(webcaster.state).to.equal('idle');
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    await webcaster.startPreview();
    expect(webcaster.state).to.equal('preview');
    expect(mediaOf(webcaster).getTracks()).to.have.length(2);
  });

  it('stops everything when it is removed during a preview', async () => {
    const webcaster = await mountWithControls();
    await webcaster.startPreview();
    const tracks = mediaOf(webcaster).getTracks();
    webcaster.remove();
    await until(() => tracks.every((track) => track.readyState === 'ended'), 'freed devices');
    await until(() => systemClock.pending === 0, 'nothing pending');
    document.body.append(webcaster);
    await webcaster.startPreview();
    expect(webcaster.state).to.equal('preview');
    expect(controlsOf(webcaster)).to.be.instanceOf(HTMLElement);
  });
});

describe('<secure-webcaster controls>', () => {
  afterEach(async () => {
    await unmountAll();
    await clearFaults();
  });

  it('are accessible in every state', async function () {
    const webcaster = await mountWithControls();
    const violations = () => accessibilityViolations(webcaster);
    expect(await violations(), 'idle').to.deep.equal([]);
    await webcaster.startPreview();
    button(webcaster, 'Camera and microphone').click();
    await webcaster.updateComplete;
    expect(await violations(), 'preview with menu').to.deep.equal([]);
    expect(webcaster.renderRoot.querySelector('[role="status"]')?.textContent).to.equal('Preview');
    webcaster.endpoint = '/nowhere/at/all';
    await webcaster.startBroadcast().catch(() => undefined);
    await webcaster.updateComplete;
    expect(await violations(), 'failed').to.deep.equal([]);
    expect(webcaster.renderRoot.querySelector('[role="alert"]')).not.to.equal(null);
  });

  it('mute with a button whose name describes its action', async () => {
    const webcaster = await mountWithControls();
    await webcaster.startPreview();
    await webcaster.updateComplete;
    button(webcaster, 'Mute microphone').click();
    await until(() => webcaster.muted.audio, 'muted');
    await webcaster.updateComplete;
    expect(mediaOf(webcaster).getAudioTracks()[0]?.enabled).to.equal(false);
    button(webcaster, 'Unmute microphone').click();
    await until(() => !webcaster.muted.audio, 'unmuted');
  });

  it('open the device menu with the focus on its first field, and Escape returns to the button', async () => {
    const webcaster = await mountWithControls();
    await webcaster.startPreview();
    await until(() => webcaster.devices.audio.length > 0, 'devices');
    button(webcaster, 'Camera and microphone').click();
    await until(() => webcaster.shadowRoot?.activeElement?.tagName === 'SELECT', 'focus in the menu');
    webcaster.shadowRoot?.activeElement?.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }),
    );
    await until(() => webcaster.shadowRoot?.activeElement?.tagName === 'BUTTON', 'focus on the button');
    expect(webcaster.renderRoot.querySelector('select')).to.equal(null);
  });

  it('use the page’s language and the page’s own texts', async () => {
    const webcaster = await mountWithControls({ lang: 'de' });
    await until(() => controlsOf(webcaster).textContent.includes('Live gehen'), 'German');
    setWebcasterMessages('de', { goLive: 'Auf Sendung' });
    await until(() => controlsOf(webcaster).textContent.includes('Auf Sendung'), 'the page’s own text');
    setWebcasterMessages('de', {});
  });

  it('show the error with a retry button', async () => {
    const mend = breakCamera('NotAllowedError');
    const webcaster = await mountWithControls();
    await webcaster.startPreview().catch(() => undefined);
    await webcaster.updateComplete;
    expect(webcaster.renderRoot.querySelector('[role="alert"]')?.textContent).to.contain('is blocked');
    mend();
    button(webcaster, 'Try again').click();
    await until(() => webcaster.state === 'preview', 'the preview');
  });
});
