import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LayeredPackager } from '../../demo/backend/webrtc/ingest/layered-packager.js';
import { readSimulcast, withEncodings } from '../../demo/backend/webrtc/ingest/simulcast-offer.js';
import { aggregate, PPS, slice, SPS_1918X1078, SPS_640X480 } from './whip-loop/synthetic-media.js';

describe('the encodings of an offer', () => {
  const read = (...lines: string[]) =>
    readSimulcast({ kind: 'video', port: 9, direction: 'sendonly', lines: ['m=video 9 X 96', ...lines] });

  it('are those that it names and describes, up to four', () => {
    assert.deepEqual(read(), []);
    assert.deepEqual(read('a=rid:a send'), [], 'not at once');
    assert.deepEqual(read('a=simulcast:send a;b'), [], 'not described');
    const rids = ['a', 'b', 'c', 'd', 'e'].map((rid) => `a=rid:${rid} send pt=96`);
    assert.deepEqual(read(...rids, 'a=simulcast:recv x send a;~b,e;c'), ['a', 'b', 'c']);
    assert.deepEqual(read(...rids, 'a=simulcast:send a;b;c;d;e;a'), ['a', 'b', 'c', 'd']);
    assert.deepEqual(withEncodings(['m=', 'a=rid:a send pt=96', 'a=simulcast:send a;b'], ['a']), [
      'm=',
      'a=rid:a send',
      'a=simulcast:send a',
    ]);
  });
});

describe('HLS of a broadcast with several encodings', () => {
  const KEYS = {
    l: aggregate([SPS_640X480, PPS, slice(5, 1)]),
    h: aggregate([SPS_1918X1078, PPS, slice(5, 1)]),
  };

  /** Which encodings each packager got, after the packets of `send`. */
  function setUp() {
    const got: string[][] = [];
    const packager = new LayeredPackager(() => {
      const own: string[] = [];
      got.push(own);
      return {
        onRtp: (kind, { rid }) => {
          if (own.at(-1) !== (rid ?? kind)) own.push(rid ?? kind);
        },
        onSenderReport: () => undefined,
        close: () => own.push('end'),
      };
    }, 2);
    const send = (rid: 'l' | 'h', atMs: number, isKey = true) => {
      const payload = isKey ? KEYS[rid] : slice(1, 1);
      packager.onRtp('video', { ssrc: 1, rid, sequenceNumber: 1, timestamp: 1, marker: true, payload }, atMs);
    };
    return { got, packager, send };
  }

  it('is of the largest one from the start, with the sound', () => {
    const { got, packager, send } = setUp();
    send('l', 0);
    send('h', 20);
    packager.onRtp(
      'audio',
      { ssrc: 2, sequenceNumber: 1, timestamp: 1, marker: true, payload: Uint8Array.of(1) },
      30,
    );
    send('l', 40, false);
    packager.close();
    assert.deepEqual(got, [['h', 'audio', 'end']]);
  });

  it('changes to a smaller one when the larger stops, and back when that has come for three seconds', () => {
    const { got, send } = setUp();
    send('l', 0);
    send('l', 1500);
    assert.deepEqual(got, [['l']], 'the larger one has not come');
    for (let atMs = 2000; atMs <= 4900; atMs += 100) {
      send('l', atMs);
      send('h', atMs);
    }
    assert.deepEqual(got, [['l']]);
    send('h', 5000);
    assert.deepEqual(got, [['l', 'end'], ['h']]);
    for (let atMs = 5000; atMs <= 6600; atMs += 100) send('l', atMs);
    assert.deepEqual(got, [['l', 'end'], ['h', 'end'], ['l']]);
  });
});
