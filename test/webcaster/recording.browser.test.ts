import { expect } from 'chai';
import { skipUnless } from '../support/skip-unless.js';
import { mountWebcaster, unmountAll, until } from './support/webcaster-fixture.js';
import { ColouredSource } from './support/coloured-sources.js';

/** Loads the beginning of a recording; resolves with its width. */
async function widthOf(recording: Blob | null): Promise<number> {
  const video = document.createElement('video');
  video.muted = true;
  video.src = URL.createObjectURL(recording ?? new Blob());
  await until(() => video.videoWidth > 0, 'the recording');
  URL.revokeObjectURL(video.src);
  return video.videoWidth;
}

describe('a recording of <secure-webcaster>', () => {
  before(function () {
    skipUnless('webrtc', this);
  });

  afterEach(unmountAll);

  // Firefox without an audio output, and any browser before a click, mix no sound.
  it('grows while it runs, with the microphone', async () => {
    const { webcaster } = mountWebcaster({});
    await webcaster.startPreview();
    await webcaster.startRecording();
    await until(() => (webcaster.recording?.bytes ?? 0) > 0, 'the first bytes');
    expect(webcaster.recording?.state).to.equal('recording');
    const recording = await webcaster.stopRecording();
    expect(await widthOf(recording)).to.be.greaterThan(0);
  });

  // Firefox never ends a recorder that waits for a codec of sound without a track of sound.
  it('ends and is there for a stream of the page without sound', async () => {
    const source = new ColouredSource('rgb(220 30 30)', 320, 180);
    const { webcaster } = mountWebcaster({});
    webcaster.mediaStream = new MediaStream([source.track]);
    await webcaster.startPreview();
    const mimeType = ['video/webm;codecs=vp8,opus', 'video/mp4'].find((type) =>
      MediaRecorder.isTypeSupported(type),
    );
    await webcaster.startRecording(mimeType === undefined ? {} : { mimeType });
    await until(() => (webcaster.recording?.bytes ?? 0) > 0, 'the first bytes');
    expect(await widthOf(await webcaster.stopRecording())).to.equal(320);
    expect(webcaster.recording?.reason).to.equal('requested');
    source.stop();
  });
});
