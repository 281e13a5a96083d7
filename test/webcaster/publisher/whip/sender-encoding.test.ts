import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyEncoding, firstEncodings } from '@gatecast/webcaster/internal/publisher/whip/sender-encoding';
import { SenderLimits } from '@gatecast/webcaster/internal/publisher/whip/sender-limits';
import { FakeClock } from '../../../support/fake-clock.js';
import { FakeSender, fakeTrack as track } from '../../support/fake-sender.js';

type Encoding = Parameters<typeof firstEncodings>[1];

const ENCODING: Encoding = {
  codec: 'auto',
  videoBitrateKbps: 2000,
  audioBitrateKbps: 96,
  audioMode: 'speech',
  framerate: 30,
  degradationPreference: 'balanced',
  simulcast: false,
};
const SIMULCAST = { ...ENCODING, simulcast: true };

const limits = ({ maxBitrate, maxFramerate, scaleResolutionDownBy }: RTCRtpEncodingParameters = {}) => [
  maxBitrate,
  maxFramerate,
  scaleResolutionDownBy,
];

describe('the limits of a new sender', () => {
  it('are those of the settings', () => {
    assert.deepEqual(firstEncodings(track('video'), ENCODING).map(limits), [[2_000_000, 30, 1]]);
    assert.deepEqual(firstEncodings(track('audio'), ENCODING), [{ maxBitrate: 96_000, priority: 'high' }]);
  });

  it('are those of three layers, from small to large', () => {
    const layers = firstEncodings(track('video'), SIMULCAST);
    assert.deepEqual(
      layers.map(({ rid, ...layer }) => [rid, ...limits(layer)]),
      [
        ['l', 200_000, 30, 4],
        ['m', 600_000, 30, 2],
        ['h', 2_000_000, 30, 1],
      ],
    );
    assert.equal(firstEncodings(track('audio'), SIMULCAST).length, 1);
  });

  it('leave out layers that are too small to look at', () => {
    const rids = (height: number) => firstEncodings(track('video', height), SIMULCAST).map(({ rid }) => rid);
    assert.deepEqual(rids(360), ['m', 'h']);
    assert.deepEqual(rids(240), [undefined]);
  });
});

describe('the limits of a running sender', () => {
  it('keep the shares of the layers', async () => {
    const sender = new FakeSender('video', firstEncodings(track('video'), SIMULCAST));
    await applyEncoding(sender.asTransceiver, { ...SIMULCAST, videoBitrateKbps: 1000, framerate: 15 });
    assert.deepEqual(sender.encodings.map(limits), [
      [100_000, 15, 4],
      [300_000, 15, 2],
      [1_000_000, 15, 1],
    ]);
  });

  it('make one layer the whole picture when the ingest does not take the others', async () => {
    const [smallest = {}] = firstEncodings(track('video'), SIMULCAST);
    const sender = new FakeSender('video', [smallest]);
    await applyEncoding(sender.asTransceiver, SIMULCAST);
    assert.deepEqual(sender.encodings.map(limits), [[2_000_000, 30, 1]]);
  });

  it('say what the picture keeps, and follow what the network takes', async () => {
    const sender = new FakeSender('video', firstEncodings(track('video'), ENCODING));
    const reduction = { scale: 2, frames: 0.5, bitrate: 0.7 };
    await applyEncoding(
      sender.asTransceiver,
      { ...ENCODING, degradationPreference: 'maintain-framerate' },
      reduction,
    );
    assert.deepEqual(sender.encodings.map(limits), [[1_400_000, 15, 2]]);
    assert.equal(sender.preference, 'maintain-framerate');
  });

  it('are left alone before the first negotiation', async () => {
    const sender = new FakeSender('video', []);
    await applyEncoding(sender.asTransceiver, ENCODING);
    assert.equal(sender.changes, 0);
  });
});

describe('the limits of a connection', () => {
  const narrow = {
    ...{ atMs: 0, videoKbps: 300, audioKbps: 90, framesPerSecond: 30, width: 1280, height: 720 },
    ...{
      roundTripMs: 40,
      lossPercent: 0,
      reportedAtMs: 1,
      packetsSent: 1,
      videoCodec: 'H264',
      audioCodec: 'opus',
    },
    ...{ availableKbps: 400, limitedBy: 'bandwidth' as const, quality: 'fair' as const },
  };

  const connect = () => {
    const sender = new FakeSender('video', firstEncodings(track('video'), ENCODING));
    const peer = { getTransceivers: () => [sender.asTransceiver as RTCRtpTransceiver] };
    const fake = new FakeClock();
    const settings = { encoding: ENCODING };
    const connection = new SenderLimits(peer, fake.clock, () => settings.encoding);
    return { sender, fake, settings, connection };
  };

  it('follow the network, and take each change of the settings with it', async () => {
    const { sender, fake, settings, connection } = connect();
    for (let second = 0; second < 5; second += 1) {
      await connection.follow(narrow);
      await fake.advance(1000);
    }
    assert.equal(connection.isReduced, true);
    assert.equal(sender.encodings[0]?.scaleResolutionDownBy, 2);
    assert.equal(sender.changes, 1, 'no change without a reason');
    settings.encoding = { ...ENCODING, framerate: 10 };
    await connection.apply();
    assert.deepEqual(limits(sender.encodings[0]), [2_000_000, 10, 2]);
  });

  it('take a reduction that comes together with a change of the settings', async () => {
    const { sender, fake, settings, connection } = connect();
    for (let second = 0; second < 3; second += 1) {
      await connection.follow(narrow);
      await fake.advance(1000);
    }
    const followed = connection.follow(narrow);
    settings.encoding = { ...ENCODING, framerate: 10 };
    await Promise.all([followed, connection.apply()]);
    assert.equal(connection.isReduced, true);
    assert.deepEqual(limits(sender.encodings[0]), [2_000_000, 10, 2]);
  });

  it('hold for a track that comes back', async () => {
    const { sender, fake, settings, connection } = connect();
    const { track: camera } = sender;
    for (let second = 0; second < 5; second += 1) {
      await connection.follow(narrow);
      await fake.advance(1000);
    }
    sender.track = null;
    for (let second = 0; second < 60; second += 1) {
      await connection.follow({ ...narrow, limitedBy: null, availableKbps: 5000, videoKbps: 0 });
      await fake.advance(1000);
    }
    assert.equal(sender.encodings[0]?.scaleResolutionDownBy, 2, 'nothing is known while nothing is sent');
    settings.encoding = { ...ENCODING, videoBitrateKbps: 500 };
    await connection.apply();
    sender.track = camera;
    assert.equal(sender.encodings[0].maxBitrate, 500_000);
  });

  it('are tried again when the browser has refused them', async () => {
    const { sender, fake, connection } = connect();
    sender.refusals = 1;
    const outcomes: string[] = [];
    for (let second = 0; second < 6; second += 1) {
      outcomes.push(await connection.follow(narrow).then(String, () => 'refused'));
      await fake.advance(1000);
    }
    assert.equal(outcomes.filter((outcome) => outcome === 'refused').length, 1);
    assert.deepEqual([connection.isReduced, sender.encodings[0]?.scaleResolutionDownBy], [true, 2]);
  });

  it('change one after the other: parameters are good for one change', async () => {
    const { sender, connection } = connect();
    await Promise.all([connection.apply(), connection.apply(), connection.apply()]);
    assert.equal(sender.changes, 3);
  });
});
