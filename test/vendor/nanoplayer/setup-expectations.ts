import { expectSame, type Expectation } from '../expectation.js';
import { pause, refusalOf, settles, waitFor } from '../wait-for.js';
import type { NanoPlayerBench } from './nanoplayer-bench.js';

type List = readonly Expectation<NanoPlayerBench>[];

const both = ['5.0.8', '4.31.1'];
const websocket = { server: { websocket: 'wss://media.example/h5live/stream.mp4' } };
const rtmp = { rtmp: { url: 'rtmp://play.example/play', streamname: 'demo-low' } };
const idle = { autoplay: false };

function refused(
  title: string,
  source: object,
  code: number,
  more: object = {},
): Expectation<NanoPlayerBench> {
  return {
    title: `refuses ${title} with ${code}, by the promise and by onError`,
    seen: both,
    ...more,
    check: async (bench) => {
      const refusal = await refusalOf(bench.setup(source, idle));
      expectSame('code of the promise', refusal?.code, code);
      expectSame('code of onError', (await bench.event('Error'))['code'], code);
    },
  };
}

/** What `setup` takes and refuses. No connection is needed. */
export const setupExpectations: List = [
  refused('a source without entries', { entries: [] }, 5004),
  refused('an entry without rtmp', { entries: [{ index: 0, h5live: websocket }] }, 5005),
  refused('an entry without a websocket', { entries: [{ index: 0, h5live: rtmp }] }, 5007),
  refused(
    'an entry with an HLS address only',
    { entries: [{ index: 0, hls: 'https://a.example/p.m3u8' }] },
    5004,
  ),
  refused('the old notation', { h5live: { ...websocket, ...rtmp } }, 5004, {
    seen: ['5.0.8'],
    builds: ['5'],
  }),
  {
    title: 'takes the old notation',
    seen: ['4.31.1'],
    builds: ['4'],
    check: async (bench) => {
      expectSame('refusal', await refusalOf(bench.setup({ h5live: { ...websocket, ...rtmp } }, idle)), null);
    },
  },
  {
    title: 'takes an empty hls beside h5live',
    seen: both,
    check: async (bench) => {
      const entries = [{ index: 0, hls: '', h5live: { ...websocket, ...rtmp }, bintu: {} }];
      expectSame('refusal', await refusalOf(bench.setup({ entries }, idle)), null);
    },
  },
  {
    title: 'takes defaults.service without a server',
    seen: [],
    check: async (bench) => {
      const source = {
        defaults: { service: 'bintu' },
        entries: [{ index: 0, h5live: { rtmp: { streamname: 'demo-low' } } }],
      };
      expectSame('refusal', await refusalOf(bench.setup(source, idle)), null);
    },
  },
  {
    title: 'resolves setup with another object than it was given',
    seen: both,
    check: async (bench) => {
      const source = await bench.source();
      const config = { source, playback: idle, events: bench.listeners() };
      expectSame('same object', (await bench.player.setup(config)) === config, false);
    },
  },
  {
    title: 'rejects a setup without playback with a TypeError',
    seen: ['5.0.8'],
    check: async (bench) => {
      const refusal = await refusalOf(bench.player.setup({ source: await bench.source() }));
      expectSame('name of the error', refusal?.name, 'TypeError');
    },
  },
  {
    title: 'does not settle updateSource before setup',
    seen: ['5.0.8'],
    check: async (bench) => {
      expectSame('settles', await settles(bench.player.updateSource(await bench.source())), false);
    },
  },
  {
    title: 'does not settle updateSource after destroy',
    seen: ['5.0.8'],
    check: async (bench) => {
      const source = await bench.source();
      await bench.setup(source, idle);
      bench.player.destroy();
      expectSame('settles', await settles(bench.player.updateSource(source)), false);
    },
  },
  {
    title: 'throws in its own script when its host is removed at once after setup',
    seen: ['5.0.8'],
    check: async (bench) => {
      const source = await bench.source();
      let isThrown = false;
      const { onerror } = window;
      // Not an error of the page: this is what is expected.
      window.onerror = () => (isThrown = true);
      try {
        void bench.setup(source, idle).catch(() => undefined);
        await pause(10);
        bench.host.remove();
        await waitFor(() => isThrown, 'the uncaught error');
      } finally {
        window.onerror = onerror;
      }
    },
  },
  {
    title: 'reports a minDelay below 1 as 4004, and sets up',
    seen: ['5.0.8'],
    check: async (bench) => {
      const settings = { ...idle, reconnect: { minDelay: 0.3 } };
      expectSame('refusal', await refusalOf(bench.setup(await bench.source(), settings)), null);
      expectSame('code', (await bench.event('Error'))['code'], 4004);
    },
  },
];
