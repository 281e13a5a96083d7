import { expectSame, type Expectation } from '../expectation.js';
import { waitFor } from '../wait-for.js';
import type { NanoPlayerBench } from './nanoplayer-bench.js';

type List = readonly Expectation<NanoPlayerBench>[];

const streams = ['demo-high', 'demo-medium', 'demo-low'];
const once = { reconnect: { minDelay: 1, maxDelay: 1, delaySteps: 2, maxRetries: 1 } };

/** Closes that are final, and the code that each is reported with. */
function closeCode(close: number, code: number, more: object = {}): Expectation<NanoPlayerBench> {
  return {
    title: `reports a close with ${close} as ${code}, and does not retry`,
    seen: ['5.0.8', '4.31.1'],
    ...more,
    check: async (bench) => {
      await bench.control({ next: [{ closeCode: close }] });
      await bench.setup(await bench.source());
      expectSame('code', (await bench.event('Error'))['code'], code);
      await bench.event('Pause');
      expectSame('reconnects', bench.names().includes('Warning'), false);
    },
  };
}

/** The address of a connection, and what its end is reported as. No media is needed. */
export const connectionExpectations: List = [
  {
    title: 'names url, stream, cid, pid and jwtoken in the address of the connection',
    seen: ['5.0.8', '4.31.1'],
    check: async (bench) => {
      await bench.setup(await bench.source());
      const { fields } = await bench.connection();
      const wanted = ['url', 'stream', 'cid', 'pid', 'jwtoken'];
      expectSame(
        'fields',
        wanted.filter((field) => fields.includes(field)),
        wanted,
      );
    },
  },
  {
    title: 'asks for a fast start in the address',
    seen: ['5.0.8'],
    builds: ['5'],
    check: async (bench) => {
      await bench.setup(await bench.source());
      expectSame('flags', (await bench.connection()).fields.includes('flags'), true);
    },
  },
  {
    title: 'leaves numbers and empty strings of security out of the address',
    seen: ['5.0.8', '4.31.1'],
    check: async (bench) => {
      const security = { token: 'not-a-token', expires: 1_900_000_000, tag: '', options: '9' };
      await bench.setup(await bench.source({ security }));
      const { fields } = await bench.connection();
      const given = ['token', 'expires', 'tag', 'options'];
      expectSame(
        'fields',
        given.filter((field) => fields.includes(field)),
        ['token', 'options'],
      );
    },
  },
  {
    title: 'makes a handshake without a token at setup',
    seen: ['5.0.8'],
    builds: ['5'],
    check: async (bench) => {
      await bench.setup(await bench.source(), { autoplay: false });
      await waitFor(
        async () => (await bench.connections()).some(({ fields }) => !fields.includes('jwtoken')),
        'the probe',
      );
    },
  },
  ...(
    [
      ['5', 'lowest', 'demo-low', '5.0.8'],
      ['4', 'first', 'demo-high', '4.31.1'],
    ] as const
  ).map(([build, words, stream, version]): Expectation<NanoPlayerBench> => ({
    title: `starts with the ${words} entry when the source has no startIndex`,
    seen: [version],
    builds: [build],
    check: async (bench) => {
      await bench.setup(await bench.source({ streams }));
      expectSame('stream', (await bench.connection()).stream, stream);
    },
  })),
  {
    title: 'starts with the entry that startIndex names',
    seen: ['5.0.8', '4.31.1'],
    check: async (bench) => {
      await bench.setup(await bench.source({ streams, startIndex: 1 }));
      expectSame('stream', (await bench.connection()).stream, 'demo-medium');
    },
  },
  ...[4400, 4401, 4900, 4901, 4903, 4904].map((code) => closeCode(code, code)),
  closeCode(4403, 2004, { seen: ['5.0.8'], builds: ['5'] }),
  closeCode(4404, 2001, { seen: ['5.0.8'], builds: ['5'] }),
  closeCode(4424, 2005, { seen: ['5.0.8'], builds: ['5'] }),
  ...[401, 403, 404, 503].map((status): Expectation<NanoPlayerBench> => ({
    title: `reports a handshake with ${status} as 4106`,
    seen: ['5.0.8', '4.31.1'],
    check: async (bench) => {
      await bench.control({ refuseHandshakes: status });
      await bench.setup(await bench.source(), once);
      expectSame('code', (await bench.event('Error'))['code'], 4106);
    },
  })),
  {
    title: 'warns, pauses with reconnectionimminent and tells the delay before it connects again',
    seen: ['5.0.8', '4.31.1'],
    check: async (bench) => {
      await bench.control({ next: [{ handshakeStatus: 503 }] });
      await bench.setup(await bench.source(), once);
      await bench.event('Pause', 0, ({ reason }) => reason === 'reconnectionimminent');
      const { connectDelay } = await bench.event('Loading', 0, (data) => data['connectDelay'] !== 0);
      expectSame('delay', connectDelay, 1000);
      const order = bench.names().filter((name) => name === 'Warning' || name === 'Pause');
      expectSame('order', order.slice(0, 2), ['Warning', 'Pause']);
    },
  },
  {
    title: 'computes a delay that is not a number with one delay step',
    seen: ['5.0.8'],
    check: async (bench) => {
      await bench.control({ next: [{ handshakeStatus: 503 }] });
      await bench.setup(await bench.source(), { reconnect: { ...once.reconnect, delaySteps: 1 } });
      const { connectDelay } = await bench.event('Loading', 0, (data) => data['connectDelay'] !== 0);
      expectSame('is not a number', Number.isNaN(connectDelay), true);
    },
  },
];
