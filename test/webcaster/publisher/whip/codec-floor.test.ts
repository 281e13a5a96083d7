import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeCodec } from '@gatecast/webcaster/internal/broadcast/describe-codec';
import { mediaRefused, mediaStopped } from '@gatecast/webcaster/internal/publisher/publisher-errors';
import { CodecFloor, type OfferedCodecs } from '@gatecast/webcaster/internal/publisher/whip/codec-floor';
import { ingestError } from '@gatecast/webcaster/internal/publisher/whip/whip-errors';
import { FakeClock } from '../../../support/fake-clock.js';

const enhanced = { names: ['av1', 'h264'], wanted: ['h265', 'av1', 'h264'], floor: 'h264' };
const refused = (status: number) => ingestError({ status, headers: new Headers() });

function setUp(respond: (offer: string) => Error | null) {
  const fake = new FakeClock();
  const offers: string[] = [];
  const log: string[] = [];
  const floor = new CodecFloor({ clock: fake.clock, log: (type) => log.push(type) });
  const open = (choice = enhanced, by = 'a') =>
    floor.open({ ...choice, floor: choice.floor }, by, ({ names, wanted }: OfferedCodecs) => {
      const offer = names.join(' ');
      offers.push(offer);
      const error = respond(offer);
      return error ? Promise.reject(error) : Promise.resolve(wanted);
    });
  return { fake, offers, log, open };
}

describe('CodecFloor', () => {
  for (const error of [refused(406), refused(415), refused(400), mediaRefused(['video'], false)])
    it(`offers H.264 alone after ${error.code} ${String(error.status ?? '')}`, async () => {
      const { open, offers, log } = setUp((offer) => (offer === 'h264' ? null : error));
      assert.deepEqual(await open(), enhanced.wanted);
      assert.deepEqual([offers, log], [['av1 h264', 'h264'], ['codecs-refused']]);
    });

  for (const error of [refused(404), refused(503), refused(401), new DOMException('', 'AbortError')])
    it(`makes no other offer after ${error.name} ${error.message}`, async () => {
      const { open, offers } = setUp(() => error);
      await assert.rejects(open());
      assert.deepEqual(offers, ['av1 h264']);
    });

  it('remembers a refusal for ten minutes, for that ingest and choice', async () => {
    const { open, offers, fake } = setUp((offer) => (offer === 'h264' ? null : refused(406)));
    await open();
    await open();
    assert.deepEqual(offers.splice(0), ['av1 h264', 'h264', 'h264']);
    await open(enhanced, 'b');
    assert.deepEqual(offers.splice(0), ['av1 h264', 'h264']);
    await fake.advance(10 * 60_000);
    await open(enhanced, 'b');
    assert.deepEqual(offers, ['av1 h264', 'h264']);
  });

  it('takes the floor at the next attempt if nothing was sent', async () => {
    const { open, offers } = setUp((offer) => (offer === 'h264' ? null : mediaStopped()));
    await assert.rejects(open(), { code: 'media-stopped' });
    await open();
    assert.deepEqual(offers, ['av1 h264', 'h264']);
  });

  it('offers all again where the floor is refused after nothing was sent', async () => {
    let isSlow = true;
    const { open, offers } = setUp((offer) => {
      if (offer === 'h264') return refused(406);
      return isSlow ? mediaStopped() : null;
    });
    await assert.rejects(open(), { code: 'media-stopped' });
    isSlow = false;
    await assert.rejects(open(), { status: 406 });
    await open();
    assert.deepEqual(offers, ['av1 h264', 'h264', 'av1 h264']);
  });

  it('keeps the floor only if it sends, where nothing was sent before', async () => {
    let isSlow = true;
    const { open, offers } = setUp(() => (isSlow ? mediaStopped() : null));
    await assert.rejects(open());
    await assert.rejects(open());
    isSlow = false;
    await open();
    assert.deepEqual(offers, ['av1 h264', 'h264', 'av1 h264']);
  });

  it('throws what the last offer gave', async () => {
    const { open } = setUp((offer) => refused(offer === 'h264' ? 422 : 406));
    await assert.rejects(open(), { status: 422 });
  });

  it('makes one offer where H.264 is the first choice', async () => {
    const fake = new FakeClock();
    const floor = new CodecFloor({ clock: fake.clock, log: () => undefined });
    assert.equal(
      await floor.open({ names: ['h264'], wanted: ['h264'], floor: null }, 'a', ({ hasFloor }) =>
        Promise.resolve(hasFloor),
      ),
      false,
    );
  });
});

describe('describeCodec', () => {
  it('says when another codec than the first choice is sent', () => {
    assert.deepEqual(describeCodec(['av1', 'h264'], 'AV1'), {
      wanted: ['AV1', 'H264'],
      sent: 'AV1',
      note: null,
    });
    assert.match(describeCodec(['av1', 'h264'], 'H264')?.note ?? '', /^H264 is sent instead of AV1/);
    assert.equal(describeCodec(['av1'], null)?.note, null);
    assert.equal(describeCodec([], null), null);
    assert.equal(describeCodec(undefined, 'H264'), null);
  });
});
