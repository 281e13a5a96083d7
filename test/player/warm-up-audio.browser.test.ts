import { expect } from 'chai';
import { warmUpAudio } from '@gatecast/player/internal/start/warm-up-audio';
import { until } from '../support/wait.js';

describe('the sound that lets the audio service start', () => {
  const createObjectURL = URL.createObjectURL.bind(URL);
  const revokeObjectURL = URL.revokeObjectURL.bind(URL);
  afterEach(() => {
    Object.assign(URL, { createObjectURL, revokeObjectURL });
  });

  it('is one that the browser decodes, and nothing of it remains', async () => {
    const made: Blob[] = [];
    const open = new Set<string>();
    URL.createObjectURL = (object: Blob | MediaSource) => {
      if (object instanceof Blob) made.push(object);
      const url = createObjectURL(object);
      open.add(url);
      return url;
    };
    URL.revokeObjectURL = (url: string) => {
      open.delete(url);
      revokeObjectURL(url);
    };
    warmUpAudio();
    await until(() => open.size === 0, 'the sound to be loaded');
    const [sound] = made;
    const context = new OfflineAudioContext(1, 1, 8000);
    const { length, numberOfChannels } = await context.decodeAudioData(
      (await sound?.arrayBuffer()) ?? new ArrayBuffer(),
    );
    expect([made.length, sound?.type, length, numberOfChannels]).to.deep.equal([1, 'audio/wav', 1, 1]);
    expect(document.querySelector('audio')).to.equal(null);
  });
});
