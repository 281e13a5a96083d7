import { expectSame, type Expectation } from '../expectation.js';
import type { RtcUserBench } from './rtc-user-bench.js';

/** Builds with the interface of version 5. */
const version5 = ['5.1.2', '5.16'];
/** Nothing listens on port 9. */
const unreachable = { server: 'ws://127.0.0.1:9/p/webrtcws', jwt: 'not-a-token', userName: 'u', room: 'r' };

/** What the vendor's Webcaster v5 and v4 do before they are connected: its server has no double. */
export const rtcUserExpectations: readonly Expectation<RtcUserBench>[] = [
  {
    title: 'has signIn with one object',
    seen: ['5.1.2'],
    builds: version5,
    check: async ({ client }) => expectSame('type', typeof client.signIn, 'function'),
  },
  {
    title: 'has no signIn',
    seen: [],
    builds: ['4.8'],
    check: async ({ client }) => expectSame('type', typeof client.signIn, 'undefined'),
  },
  {
    title: 'has no muteDevice',
    seen: ['5.1.2'],
    builds: ['4.8', '5.1.2'],
    check: async ({ client }) => expectSame('type', typeof Reflect.get(client, 'muteDevice'), 'undefined'),
  },
  {
    title: 'has muteDevice and setMediaStream',
    seen: [],
    builds: ['5.16'],
    check: async ({ client }) => {
      const types = ['muteDevice', 'setMediaStream'].map((name) => typeof Reflect.get(client, name));
      expectSame('types', types, ['function', 'function']);
    },
  },
  {
    title: 'refuses signIn without userName and room with 1001',
    seen: ['5.1.2'],
    builds: ['5.1.2'],
    check: async (bench) => {
      const { server, jwt } = unreachable;
      bench.client.signIn?.({ server, jwt });
      expectSame('event', await bench.first('SignInError', 'SignInSuccess'), ['SignInError', 1001]);
    },
  },
  {
    title: 'reports a server that cannot be reached as 3000',
    seen: ['5.1.2'],
    builds: version5,
    // The double has no connection of its own, so a test would have to command it.
    needs: ['network'],
    check: async (bench) => {
      bench.client.signIn?.(unreachable);
      expectSame('event', await bench.first('SignInError', 'SignInSuccess'), ['SignInError', 3000]);
    },
  },
  {
    title: 'refuses startPreview before getDevices with 1000',
    seen: ['5.1.2'],
    builds: ['5.1.2'],
    check: async (bench) => {
      bench.client.startPreview?.(bench.previewOptions);
      const event = await bench.first('StartPreviewError', 'StartPreviewSuccess');
      expectSame('event', event, ['StartPreviewError', 1000]);
    },
  },
  {
    title: 'shows a preview after getDevices',
    seen: ['5.1.2'],
    builds: version5,
    check: async (bench) => {
      bench.client.getDevices?.();
      await bench.first('ReceivedDeviceList');
      bench.client.startPreview?.(bench.previewOptions);
      const [name] = await bench.first('StartPreviewError', 'StartPreviewSuccess');
      expectSame('event', name, 'StartPreviewSuccess');
    },
  },
  {
    title: 'refuses startBroadcast before signIn with 4001',
    seen: [],
    builds: version5,
    check: async (bench) => {
      bench.client.startBroadcast?.({ jwt: unreachable.jwt });
      const event = await bench.first('StartBroadcastError', 'StartBroadcastSuccess');
      expectSame('event', event, ['StartBroadcastError', 4001]);
    },
  },
];
