import { expect } from 'chai';
import { mountPlayer } from '../player/support/player-fixture.js';
import { skipUnless } from '../support/skip-unless.js';
import { mountWebcaster, unmountAll, until } from './support/webcaster-fixture.js';
import { whipRequests } from './support/whip-requests.js';

/** A tone in the left channel only. */
function leftTone(audio: AudioContext): MediaStream {
  const merger = new ChannelMergerNode(audio, { numberOfInputs: 2 });
  const tone = new OscillatorNode(audio, { frequency: 440 });
  tone.connect(merger, 0, 0);
  tone.start();
  const output = audio.createMediaStreamDestination();
  merger.connect(output);
  return output.stream;
}

/** Loudness of the left and the right channel, as functions of the time they are called at. */
function channelsOf(audio: AudioContext, media: MediaStream): () => readonly number[] {
  const splitter = new ChannelSplitterNode(audio, { numberOfOutputs: 2 });
  audio.createMediaStreamSource(media).connect(splitter);
  const analysers = [0, 1].map((channel) => {
    const analyser = new AnalyserNode(audio, { fftSize: 2048 });
    splitter.connect(analyser, channel);
    return analyser;
  });
  const samples = new Float32Array(2048);
  return () =>
    analysers.map((analyser) => {
      analyser.getFloatTimeDomainData(samples);
      return Math.max(...samples);
    });
}

describe('audio-mode="music"', () => {
  const audio = new AudioContext();

  before(function () {
    skipUnless('webrtc h264', this);
  });

  after(async () => {
    for (const player of document.querySelectorAll('secure-player')) player.remove();
    await unmountAll();
    await audio.close();
  });

  it('sends two channels to a viewer, and one for speech, over the same connection', async () => {
    const { webcaster } = mountWebcaster({ 'audio-mode': 'music' });
    webcaster.mediaStream = leftTone(audio);
    await webcaster.startBroadcast();
    const { player } = mountPlayer({ src: `/whep/${webcaster.stream ?? ''}`, engine: 'whep' });
    const played = () =>
      player.shadowRoot?.querySelector('video')?.srcObject as MediaStream | null | undefined;
    await until(() => (played()?.getAudioTracks().length ?? 0) > 0, 'the sound');
    const levels = channelsOf(audio, new MediaStream(played()?.getAudioTracks() ?? []));
    await until(() => {
      const [left = 0, right = 0] = levels();
      return left > 0.3 && right < left / 10;
    }, 'sound in the left channel only');
    webcaster.audioMode = 'speech';
    await until(() => {
      const [left = 0, right = 0] = levels();
      return right > 0.1 && Math.abs(left - right) < left / 10;
    }, 'the same sound in both channels');
    expect(await whipRequests(webcaster.stream, 'POST')).to.have.length(1);
  });
});
