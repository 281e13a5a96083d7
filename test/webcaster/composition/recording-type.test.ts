import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseType } from '@gatecast/webcaster/internal/composition/recording-type';

const both = { hasVideo: true, hasSound: true };
const silent = { hasVideo: true, hasSound: false };
const all = (): boolean => true;

describe('chooseType', () => {
  it('takes the first type that the browser supports', () => {
    assert.equal(chooseType(undefined, both, all), 'video/webm;codecs=vp8,opus');
    assert.equal(
      chooseType(undefined, both, (type) => type === 'video/mp4'),
      'video/mp4',
    );
    assert.equal(chooseType(undefined, { hasVideo: false, hasSound: true }, all), 'audio/webm;codecs=opus');
    assert.equal(
      chooseType(undefined, both, () => false),
      null,
    );
  });

  it('names no codec of sound where no sound is recorded', () => {
    assert.equal(chooseType(undefined, silent, all), 'video/webm;codecs=vp8');
    assert.equal(chooseType('video/webm;codecs="vp9, opus"', silent, all), 'video/webm;codecs=vp9');
    assert.equal(chooseType('video/mp4; CODECS=mp4a.40.2', silent, all), 'video/mp4');
    assert.equal(chooseType('video/webm', silent, all), 'video/webm');
    assert.equal(chooseType('video/webm;codecs="vp9, opus"', both, all), 'video/webm;codecs="vp9, opus"');
  });

  it('refuses a type that the browser does not support, and names those it does', () => {
    assert.throws(() => chooseType('video/none', both, (type) => type === 'video/mp4'), {
      code: 'settings-invalid',
      hint: 'Leave it out, or set it to one of: video/mp4.',
    });
  });
});
