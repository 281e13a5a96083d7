import { expectSame, type Expectation } from '../expectation.js';
import { pause, waitFor } from '../wait-for.js';
import type { NanoPlayerBench } from './nanoplayer-bench.js';

type List = readonly Expectation<NanoPlayerBench>[];

const needs = ['media'] as const;
const streams = ['demo-high', 'demo-medium', 'demo-low'];
/** More than the half second within which calls are aborted. */
const apart = 700;
const webtransport = { server: { webtransport: 'https://media.example/h5live/moq' } };
const withForcePlay = (forcePlay: boolean): object => ({
  options: { switch: { method: 'client', forcePlay } },
});

/** The kind of element that the client shows. */
async function shownElement(bench: NanoPlayerBench): Promise<string> {
  const { activeVideoElement } = await bench.event('ActiveVideoElementChange');
  return activeVideoElement instanceof HTMLCanvasElement ? 'canvas' : 'video';
}

/** What happens while the client plays. */
export const playbackExpectations: List = [
  {
    title: 'plays in a video element',
    seen: ['5.0.8', '4.31.1'],
    needs,
    check: async (bench) => {
      await bench.play();
      expectSame('element', await shownElement(bench), 'video');
    },
  },
  {
    title: 'plays on a canvas where an entry has server.webtransport',
    seen: ['5.0.8'],
    builds: ['5'],
    // The local server has no WebTransport, over which the real client would play.
    needs: ['media', 'command'],
    check: async (bench) => {
      await bench.play(await bench.source(webtransport));
      expectSame('element', await shownElement(bench), 'canvas');
    },
  },
  {
    title: 'plays in a video element with enableMediaOverQuic: false',
    seen: ['5.0.8'],
    builds: ['5'],
    needs,
    check: async (bench) => {
      await bench.play(await bench.source(webtransport), { enableMediaOverQuic: false });
      expectSame('element', await shownElement(bench), 'video');
    },
  },
  {
    title: 'tells position, playout and delay in onStats',
    seen: [],
    needs,
    check: async (bench) => {
      await bench.play();
      const { stats } = (await bench.event('Stats')) as { stats: Record<string, unknown> };
      expectSame('currentTime', typeof stats['currentTime'], 'number');
      expectSame('playout', typeof stats['playout'], 'object');
      expectSame('buffer', typeof stats['buffer'], 'object');
    },
  },
  {
    title: 'tells muting and volume by events',
    seen: [],
    needs,
    check: async (bench) => {
      await bench.play();
      bench.player.unmute();
      await bench.event('Unmute');
      bench.player.mute();
      await bench.event('Mute');
      bench.player.setVolume(0.25);
      expectSame('volume', (await bench.event('VolumeChange'))['volume'], 0.25);
    },
  },
  {
    title: 'settles updateSource before the outcome, and pairs the events by id and count',
    seen: ['5.0.8', '4.31.1'],
    needs,
    check: async (bench) => {
      await bench.play();
      await pause(apart);
      await bench.player.updateSource(await bench.source());
      expectSame('early', bench.names().includes('UpdateSourceSuccess'), false);
      const init = await bench.event('UpdateSourceInit');
      const success = await bench.event('UpdateSourceSuccess');
      expectSame('id', [success['id'], success['count']], [init['id'], init['count']]);
    },
  },
  {
    title: 'aborts the second of two updates at once with frequency',
    seen: ['5.0.8', '4.31.1'],
    needs,
    check: async (bench) => {
      await bench.play();
      await pause(apart);
      const [first, second] = [await bench.source(), await bench.source()];
      void bench.player.updateSource(first);
      void bench.player.updateSource(second);
      expectSame('reason', (await bench.event('UpdateSourceAbort'))['reason'], 'frequency');
      await bench.event('UpdateSourceSuccess');
    },
  },
  {
    title: 'aborts an update with the same source with equalsource',
    seen: ['5.0.8'],
    needs,
    check: async (bench) => {
      const source = await bench.source();
      await bench.play(source);
      await pause(apart);
      void bench.player.updateSource(source);
      expectSame('reason', (await bench.event('UpdateSourceAbort'))['reason'], 'equalsource');
    },
  },
  {
    title: 'starts a paused player by an update, unless forcePlay is false',
    seen: ['5.0.8', '4.31.1'],
    needs,
    check: async (bench) => {
      await bench.play();
      bench.player.pause();
      await bench.event('Pause');
      await pause(apart);
      const stopped = bench.events.length;
      void bench.player.updateSource(await bench.source(withForcePlay(false)));
      await bench.event('UpdateSourceSuccess', stopped);
      await pause(apart);
      expectSame('plays with forcePlay: false', bench.names(stopped).includes('Play'), false);
      void bench.player.updateSource(await bench.source());
      await bench.event('Play', stopped);
    },
  },
  {
    title: 'stops after an update that is refused, first with the failure and then with the error',
    seen: ['5.0.8'],
    needs,
    check: async (bench) => {
      await bench.play();
      await pause(apart);
      await bench.control({ next: [{ closeCode: 4903 }] });
      const from = bench.events.length;
      void bench.player.updateSource(await bench.source());
      await bench.event('Pause', from);
      const names = bench.names(from).filter((name) => /^(?:UpdateSourceFail|Error|Pause)$/.test(name));
      expectSame('events', names, ['UpdateSourceFail', 'Error', 'Pause']);
    },
  },
  {
    title: 'connects before the first event of its own switch, and aborts an update during it',
    seen: ['5.0.8'],
    needs: ['media', 'command'],
    check: async (bench) => {
      await bench.play(await bench.source({ streams, startIndex: 2 }));
      await pause(apart);
      const next = await bench.source({ streams, startIndex: 2 });
      bench.command.adaptTo(1);
      void bench.player.updateSource(next);
      expectSame('reason', (await bench.event('UpdateSourceAbort'))['reason'], 'frequency');
      await bench.event('SwitchStreamInit');
      expectSame('stream', (await bench.connection(1)).stream, 'demo-medium');
      await bench.event('SwitchStreamSuccess');
    },
  },
  {
    title: 'reports the end of the source stream as 2004 with sourcestreamstopped',
    seen: ['5.0.8'],
    needs: ['media', 'command'],
    check: async (bench) => {
      await bench.play();
      await bench.control({ stopStream: 'demo' });
      await bench.event('Error', 0, ({ code }) => code === 2004);
      await bench.event('Pause', 0, ({ reason }) => reason === 'sourcestreamstopped');
      await bench.control({ startStream: 'demo' });
      const from = bench.events.length;
      bench.player.play();
      await bench.event('Play', from);
    },
  },
  {
    title: 'reports a metadata packet with 2012 and plays on',
    seen: ['5.0.8'],
    needs: ['media', 'command'],
    check: async (bench) => {
      await bench.play();
      await bench.control({ notice: 2012 });
      await bench.event('Error', 0, ({ code }) => code === 2012);
      await bench.event('Stats', bench.events.length);
      expectSame('pauses', bench.names().includes('Pause'), false);
    },
  },
  {
    title: 'asks the bintu API again for each update of a group, and starts with the lowest rendition',
    seen: ['5.0.8'],
    builds: ['5'],
    needs: ['media', 'vendor-api'],
    check: async (bench) => {
      const group = async (): Promise<object> => {
        const {
          entries: [entry],
        } = (await bench.source()) as {
          entries: readonly [{ h5live: { security: object } }];
        };
        return { group: { id: 'demo', security: entry.h5live.security } };
      };
      await bench.play(await group());
      await pause(apart);
      void bench.player.updateSource(await group());
      await bench.event('UpdateSourceSuccess');
      expectSame('lookups', await bench.lookups(), 2);
      expectSame(
        'streams',
        [(await bench.connection(0)).stream, (await bench.connection(1)).stream],
        ['demo-low', 'demo-low'],
      );
    },
  },
  {
    title: 'reports an update that a later one replaces as an abort of a switch, with superseded',
    seen: ['5.0.8'],
    // The first update must be in progress for longer than the half second.
    needs: ['media', 'command'],
    check: async (bench) => {
      await bench.play();
      await pause(apart);
      await bench.control({ next: [{ isHeld: true }] });
      void bench.player.updateSource(await bench.source());
      await waitFor(() => bench.names().includes('UpdateSourceInit'), 'the first update');
      await pause(apart);
      void bench.player.updateSource(await bench.source());
      const { id, reason } = await bench.event('SwitchStreamAbort');
      expectSame('abort', [id, reason], [(await bench.event('UpdateSourceInit'))['id'], 'superseded']);
      await bench.event('UpdateSourceSuccess');
    },
  },
];
