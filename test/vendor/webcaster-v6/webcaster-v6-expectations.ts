import { expectSame, type Expectation } from '../expectation.js';
import { refusalOf, waitFor } from '../wait-for.js';
import type { WebcasterV6Bench } from './webcaster-v6-bench.js';

const seen = ['6.2.3'];

/** What the vendor's Webcaster v6 does, as far as our publisher depends on it. */
export const webcasterV6Expectations: readonly Expectation<WebcasterV6Bench>[] = [
  {
    title: 'refuses an unknown member of the configuration with 7000',
    seen,
    check: async (bench) => {
      const refusal = await refusalOf(bench.client({ unknownMember: 1 }).then((client) => client.setup()));
      expectSame('code', refusal?.code, 7000);
    },
  },
  {
    title: 'refuses startBroadcast before setup',
    seen: [],
    check: async (bench) => {
      const client = await bench.client();
      expectSame('refuses', (await refusalOf(client.startBroadcast())) !== null, true);
    },
  },
  {
    title: 'resolves startBroadcast before it is connected, and then reports connected',
    seen,
    needs: ['media'],
    check: async (bench) => {
      const client = await bench.client();
      const states: string[] = [];
      client.onConnectionStateChange = (state) => states.push(state);
      await client.setup();
      await client.startBroadcast();
      expectSame('connected at once', states.includes('connected'), false);
      await waitFor(() => states.includes('connected'), 'the connection');
    },
  },
  {
    title: 'sends the offer with a token, and ends with a DELETE that has none',
    seen,
    needs: ['media'],
    check: async (bench) => {
      const client = await bench.client();
      await client.setup();
      await client.startBroadcast();
      await client.stopBroadcast();
      await waitFor(async () => (await bench.requests()).some(({ method }) => method === 'DELETE'), 'DELETE');
      const requests = (await bench.requests()).map(({ method, hasToken }) => [method, hasToken]);
      expectSame('requests', requests, [
        ['POST', true],
        ['DELETE', false],
      ]);
    },
  },
  ...[401, 403, 404].map((status): Expectation<WebcasterV6Bench> => ({
    title: `refuses with 11001 when the server answers ${status}, which only the message says`,
    seen,
    check: async (bench) => {
      const client = await bench.client(bench.refusal(status));
      await client.setup();
      const refusal = await refusalOf(client.startBroadcast());
      expectSame('code', refusal?.code, 11001);
      expectSame('message has the status', String(refusal?.message).includes(String(status)), true);
    },
  })),
  {
    title: 'refuses with 11001 when the server cannot be reached',
    seen,
    check: async (bench) => {
      // Port 9 is discard: nothing listens there.
      const client = await bench.client({ serverUrl: 'http://127.0.0.1:9/webcaster' });
      await client.setup();
      expectSame('code', (await refusalOf(client.startBroadcast()))?.code, 11001);
    },
  },
  {
    title: 'refuses with 10003 when the server answers 503',
    seen,
    check: async (bench) => {
      const client = await bench.client(bench.refusal(503));
      await client.setup();
      expectSame('code', (await refusalOf(client.startBroadcast()))?.code, 10003);
    },
  },
  {
    title: 'takes no other start after a failed one until stopBroadcast',
    seen,
    check: async (bench) => {
      const client = await bench.client(bench.refusal(403));
      await client.setup();
      await refusalOf(client.startBroadcast());
      const second = await refusalOf(client.startBroadcast());
      expectSame('second start asks the server', second?.code === 11001, false);
      await client.stopBroadcast();
      expectSame('code after stopBroadcast', (await refusalOf(client.startBroadcast()))?.code, 11001);
    },
  },
  {
    title: 'keeps the tracks of the page with dispose(false)',
    seen,
    needs: ['media'],
    check: async (bench) => {
      const client = await bench.client();
      await client.setup();
      await client.startBroadcast();
      await client.dispose(false);
      expectSame('tracks', bench.trackStates(), ['live', 'live']);
    },
  },
];
