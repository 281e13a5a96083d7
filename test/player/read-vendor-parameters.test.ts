import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  listVendorOrigins,
  readVendorParameters,
} from '@gatecast/player/internal/source/read-vendor-parameters';

const allowedOrigins = ['https://h5live.example', 'https://a.example'];
const read = (query: string) => readVendorParameters(new URLSearchParams(query), { allowedOrigins });

describe('the vendor’s URL parameters', () => {
  it('become a source with one entry', () => {
    const source = read(
      'h5live.server.websocket=wss://h5live.example/stream.mp4&h5live.rtmp.url=rtmp://play.example/play&h5live.rtmp.streamname=abc-0',
    );
    assert.deepEqual(source, {
      entries: [
        {
          index: 0,
          h5live: {
            server: { websocket: 'wss://h5live.example/stream.mp4' },
            rtmp: { url: 'rtmp://play.example/play', streamname: 'abc-0' },
          },
        },
      ],
      startIndex: 0,
    });
  });

  it('are those of the verifying link in the section "Verifying playbacks" of the vendor’s STS document', () => {
    const link =
      'https://demo.nanocosmos.de/nanoplayer/release/nanoplayer.html?h5live.server.websocket=wss://bintu-splay.nanocosmos.de/h5live/authstream&h5live.server.hls=https://bintu-splay.nanocosmos.de/h5live/authhttp/playlist.m3u8&h5live.rtmp.url=rtmp://bintu-splay.nanocosmos.de/splay&h5live.rtmp.streamname=[your Bintu stream name]&h5live.security.expires=[expires from response]&h5live.security.tag=[tag from response]&h5live.security.token=[token from response]&h5live.security.options=[options from response]';
    const parameters = new URL(link).searchParams;
    const vendor = 'https://bintu-splay.nanocosmos.de';
    assert.deepEqual(listVendorOrigins(parameters), [vendor]);
    const hls = `${vendor}/h5live/authhttp/playlist.m3u8`;
    const rtmp = { url: 'rtmp://bintu-splay.nanocosmos.de/splay', streamname: '[your Bintu stream name]' };
    assert.deepEqual(readVendorParameters(parameters, { allowedOrigins: [vendor] })?.entries?.[0], {
      index: 0,
      hls: `${hls}?url=${encodeURIComponent(rtmp.url)}&stream=${encodeURIComponent(rtmp.streamname)}`,
      h5live: {
        server: { websocket: 'wss://bintu-splay.nanocosmos.de/h5live/authstream', hls },
        rtmp,
        security: {
          token: '[token from response]',
          expires: '[expires from response]',
          tag: '[tag from response]',
          options: '[options from response]',
        },
      },
    });
    const withoutEnd = link.replace('[expires from response]', '');
    const { security } =
      readVendorParameters(new URL(withoutEnd).searchParams, { allowedOrigins: [vendor] })?.entries?.[0]
        ?.h5live ?? {};
    assert.deepEqual(Object.keys(security ?? {}), ['token', 'tag', 'options']);
  });

  it('give the entry an HLS URL that names the stream', () => {
    const source = read(
      'h5live.server.hls=https://h5live.example/playlist.m3u8&h5live.rtmp.url=rtmp://play.example/play&h5live.rtmp.streamname=abc-0',
    );
    assert.equal(
      source?.entries?.[0]?.hls,
      'https://h5live.example/playlist.m3u8?url=rtmp%3A%2F%2Fplay.example%2Fplay&stream=abc-0',
    );
  });

  it('do not change an HLS URL that names the stream itself, or has no rtmp parameters', () => {
    for (const url of ['https://a.example/p.m3u8', 'https://a.example/p.m3u8?stream=x']) {
      const query = `h5live.server.hls=${encodeURIComponent(url)}&h5live.rtmp.url=rtmp://b`;
      assert.equal(read(query)?.entries?.[0]?.hls, url);
    }
  });

  it('contain security as strings, without empty fields', () => {
    const source = read(
      'h5live.server.websocket=wss://a.example&h5live.security.token=t&h5live.security.expires=1700000000&h5live.security.options=9&h5live.security.tag=',
    );
    assert.deepEqual(source?.entries?.[0]?.h5live?.security, {
      token: 't',
      expires: '1700000000',
      options: '9',
    });
  });

  it('are refused if they name a server that the page does not allow', () => {
    const hostile = [
      'h5live.server.websocket=wss://evil.example/s',
      'h5live.server.websocket=wss://h5live.example.evil.example/s',
      'h5live.server.websocket=wss://h5live.example@evil.example/s',
      'h5live.server.websocket=ws://h5live.example/s',
      'h5live.server.hls=https://h5live.example:8443/p.m3u8',
      'h5live.server.hls=http://h5live.example/p.m3u8',
      'h5live.server.progressive=https://evil.example/p',
      'h5live.server.websocket=wss://h5live.example/s&h5live.server.hls=https://evil.example/p.m3u8',
      'h5live.server.hls=javascript:alert(1)',
      'h5live.server.hls=data:application/x-mpegurl,x',
      'h5live.server.hls=https://[',
      'h5live.server.hls=/live/demo.m3u8',
    ];
    for (const query of hostile) {
      assert.throws(() => read(query), { name: 'GatecastError', code: 'source-origin-not-allowed' }, query);
    }
  });

  it('list the origins that need to be allowed', () => {
    const query =
      'h5live.server.websocket=wss://a.example:443/s&h5live.server.hls=https://a.example/p&h5live.server.progressive=data:x';
    assert.deepEqual(listVendorOrigins(new URLSearchParams(query)), ['https://a.example', 'data:']);
    assert.throws(() => read(query), /does not allow: data:\.$/);
  });

  it('need no permission for the page’s own origin', () => {
    Object.defineProperty(globalThis, 'location', {
      value: new URL('https://page.example/x'),
      configurable: true,
    });
    try {
      const query = new URLSearchParams('h5live.server.websocket=wss://page.example/s');
      assert.deepEqual(listVendorOrigins(query), []);
      assert.ok(readVendorParameters(query));
    } finally {
      Reflect.deleteProperty(globalThis, 'location');
    }
  });

  it('are read with a list of origins only', () => {
    for (const wrong of ['*', 'https://a.example/path', 'a.example', 'data:', 'https://a.example?x']) {
      assert.throws(
        () => readVendorParameters(new URLSearchParams(), { allowedOrigins: [wrong] }),
        TypeError,
        wrong,
      );
    }
  });

  it('give no source without a server', () => {
    assert.equal(read('h5live.rtmp.streamname=abc-0&other=1'), null);
    assert.equal(read(''), null);
  });
});
