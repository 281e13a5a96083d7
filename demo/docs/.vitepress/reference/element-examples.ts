/** Examples of one tag. A test compares the names with the element: each has one, and there is none for another name. */
export interface ElementExamples {
  /** The attribute as it is written in the tag. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Lines of JavaScript, in which `player` or `webcaster` is the element. */
  readonly properties: Readonly<Record<string, string>>;
  readonly methods: Readonly<Record<string, string>>;
  /** What a listener does with the event `e`. */
  readonly events: Readonly<Record<string, string>>;
}

const player: ElementExamples = {
  attributes: {
    src: 'src="https://media.example.com/live/demo.m3u8"',
    stream: 'stream="demo"',
    'token-url': 'token-url="/api/tokens"',
    'token-credentials': 'token-credentials="include"',
    dpop: 'dpop',
    'token-session': 'token-session="8c1f"',
    'token-placement': 'token-placement="header"',
    'token-origins': 'token-origins="https://cdn.example.com https://cdn2.example.com"',
    'refresh-lead': 'refresh-lead="30"',
    engine: 'engine="hls"',
    'playlist-signer': 'playlist-signer="/hls/sign"',
    'nanoplayer-src': 'nanoplayer-src="/nanoplayer.5.min.js"',
    'max-live-latency': 'max-live-latency="10"',
    'live-catch-up': 'live-catch-up="speed"',
    'refresh-mode': 'refresh-mode="deferred"',
    cmcd: 'cmcd="headers"',
    controls: 'controls',
    wait: 'wait',
    loading: 'loading="lazy"',
    'start-time': 'start-time="-30"',
    remember: 'remember="position volume"',
    'video-title': 'video-title="Evening news"',
    theme: 'theme="minimal"',
  },
  properties: {
    source: "player.source = { entries: [{ index: 0, hls: '/live/demo.m3u8', stream: 'demo' }] };",
    token: 'player.token = tokenFromThePage;',
    tokenSource:
      "player.tokenSource = (request, { signal }) => fetch('/my/token', { method: 'POST', body: JSON.stringify(request), signal });",
    hlsConfig: 'player.hlsConfig = { maxBufferLength: 20 };',
    drm: "player.drm = { widevine: { licenseUrl: 'https://drm.example.com/widevine' } };",
    nanoPlayerConfig: 'player.nanoPlayerConfig = { playback: { timeouts: { loading: 10 } } };',
    videoRenditions: 'player.videoRenditions.selectedIndex = 0;',
    streamType: "if (player.streamType === 'live') showLiveBadge();",
    entries: 'const labels = player.entries.map(({ label }) => label);',
    activeEntry: 'console.log(player.activeEntry?.label);',
    liveEdgeStart: 'const isLive = player.currentTime >= (player.liveEdgeStart ?? Infinity);',
    tokenStates: "const isFresh = player.tokenStates.every(({ state }) => state === 'fresh');",
    isStreamAwaited: 'waitingRoom.hidden = !player.isStreamAwaited;',
    error: 'if (player.error) console.log(player.error.message);',
    srcObject: 'player.srcObject = await navigator.mediaDevices.getUserMedia({ video: true });',
  },
  methods: {
    load: 'player.load();',
    updateSource:
      "const { status } = await player.updateSource({ entries: [{ index: 0, hls: '/live/b.m3u8' }] });",
    switchEntry: "player.switchEntry('auto');",
    refreshToken: "await player.refreshToken('demo');",
    diagnostics: 'console.log(JSON.stringify(player.diagnostics(), null, 2));',
  },
  events: {
    'secure-token-refreshed': 'console.log(e.stream, e.reason, e.expiresAtMs)',
    'secure-token-failed': 'console.log(e.stream, e.error.code, e.willRetryInMs)',
    'secure-source-updated': 'console.log(e.status, e.changed)',
    'secure-entry-changed': 'console.log(e.index, e.label, e.reason)',
    'secure-error': 'console.log(e.error.code, e.error.hint)',
    'secure-stream-awaited': 'waitingRoom.hidden = !e.isAwaited',
    'secure-controls-replaced': 'console.log(e.reason)',
    streamtypechange: 'console.log(player.streamType)',
  },
};

const webcaster: ElementExamples = {
  attributes: {
    publisher: 'publisher="nanostream"',
    endpoint: 'endpoint="https://ingest.example.com/whip/{stream}"',
    stream: 'stream="studio"',
    'token-url': 'token-url="/api/tokens"',
    'token-credentials': 'token-credentials="include"',
    dpop: 'dpop',
    'token-session': 'token-session="8c1f"',
    'token-placement': 'token-placement="query:token"',
    'token-origins': 'token-origins="https://edge.example.com"',
    'refresh-lead': 'refresh-lead="30"',
    controls: 'controls',
    capture: 'capture="camera screen"',
    layout: 'layout="side-by-side"',
    inset: 'inset="top-right 30%"',
    'show-slate': 'show-slate',
    video: 'video="none"',
    audio: 'audio="none"',
    'device-loss': 'device-loss="switch"',
    slate: 'slate="/back-soon.png"',
    resolution: 'resolution="1920x1080"',
    framerate: 'framerate="25"',
    'video-bitrate': 'video-bitrate="4000"',
    'audio-bitrate': 'audio-bitrate="96"',
    codec: 'codec="vp8"',
    'allow-partial': 'allow-partial',
    'reconnect-for': 'reconnect-for="30"',
    'publisher-src': 'publisher-src="/webcaster.js"',
  },
  properties: {
    publisherConfig: "webcaster.publisherConfig = { iceServers: [{ urls: 'stun:stun.example.com' }] };",
    overlay: "webcaster.overlay = { text: 'Ada Lovelace', position: 'bottom-left' };",
    mediaStream: 'webcaster.mediaStream = canvas.captureStream(30);',
    token: 'webcaster.token = tokenFromThePage;',
    tokenSource: "webcaster.tokenSource = (request, { signal }) => fetch('/my/ingest-token', { signal });",
    state: "stopButton.disabled = webcaster.state !== 'live';",
    devices: 'const cameras = webcaster.devices.video.map(({ label }) => label);',
    mediaStatus: "if (webcaster.mediaStatus.video === 'lost') warn();",
    recording: "recordButton.hidden = webcaster.recording?.state === 'recording';",
    muted: 'muteButton.checked = webcaster.muted.audio;',
  },
  methods: {
    startPreview: 'await webcaster.startPreview();',
    stopPreview: 'webcaster.stopPreview();',
    signIn: 'await webcaster.signIn();',
    startBroadcast: 'await webcaster.startBroadcast();',
    stopBroadcast: 'await webcaster.stopBroadcast({ keepPreview: true });',
    signOut: 'await webcaster.signOut();',
    setMuted: 'await webcaster.setMuted({ audio: true });',
    switchDevice: "await webcaster.switchDevice({ capture: 'screen' });",
    startRecording: 'await webcaster.startRecording({ maxSeconds: 3600 });',
    stopRecording: 'const recording = await webcaster.stopRecording();',
    refreshToken: 'await webcaster.refreshToken();',
    stats: 'console.log(await webcaster.stats());',
    diagnostics: 'console.log(JSON.stringify(webcaster.diagnostics(), null, 2));',
  },
  events: {
    'secure-broadcast-state': 'console.log(e.previous, e.state, e.reason)',
    'secure-broadcast-media': 'console.log(e.kind, e.status, e.reason)',
    'secure-broadcast-stats': 'console.log(e.stats)',
    'secure-devices-changed': 'console.log(webcaster.devices)',
    'secure-capture-changed': 'console.log(e.previous, e.capture)',
    'secure-recording': 'console.log(e.state, e.bytes, e.durationMs, e.reason)',
    'secure-token-refreshed': 'console.log(e.stream, e.reason, e.expiresAtMs)',
    'secure-token-failed': 'console.log(e.error.code, e.willRetryInMs)',
    'secure-error': 'console.log(e.error.code, e.error.hint)',
  },
};

export const elementExamples: Readonly<Record<string, ElementExamples>> = {
  'secure-player': player,
  'secure-webcaster': webcaster,
};
