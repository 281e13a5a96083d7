// Data only: eslint/imports.js makes zones of import-x/no-restricted-paths of it.

/**
 * The rooms of each package's src and of the demo, from top to bottom: a room imports only rooms that come after it.
 * A list within the list holds rooms side by side, which do not import each other. A file of the top folder is a
 * room of its own. A test compares the table with the folders.
 */
export const rooms = {
  'packages/token/src': [
    'index.ts',
    'endpoint',
    'request',
    'manager',
    'tabs',
    'source',
    'dpop',
    'failure',
    'time',
    'check-options.ts',
    'errors.ts',
    'redact.ts',
    'known-secrets.ts',
  ],
  'packages/adapters/src': [
    ['index.ts', 'fetch.ts', 'hls.js.ts', 'video.js.ts', 'dash.js.ts', 'shaka-player.ts'],
    ['fetch', 'hls', 'video', 'dash', 'shaka'],
    'session',
  ],
  'packages/player/src': [
    [
      'index.ts',
      'define.ts',
      'start.ts',
      'vite.ts',
      'analytics.ts',
      'embed.ts',
      'receiver.ts',
      'media-worker.ts',
    ],
    ['analytics', 'embed'],
    'secure-player.ts',
    'overlay',
    'element',
    'playback',
    'engine',
    'loading',
    'start',
    ['source', 'media', 'media-worker', 'audio-output', 'messages'],
  ],
  'packages/webcaster/src': [
    ['index.ts', 'define.ts'],
    'secure-webcaster.ts',
    'controls',
    'broadcast',
    'element',
    'composition',
    'preflight',
    'publisher',
    'capture',
    'stats',
    'messages',
  ],
  'packages/server/src': [
    'cli.ts',
    'cli',
    'doctor',
    'index.ts',
    'conformance',
    ['node.ts', 'redis.ts'],
    'serve',
    'node',
    'token-endpoint',
    'playlist',
    'revocation',
    'limits',
    'verify',
    'issuer',
    'grant',
    'dpop',
    'key',
    'http',
  ],
  'packages/qa/src': [['cli.ts', 'index.ts'], 'command', ['driver', 'probe.ts'], 'cases', 'record', 'faults'],
  demo: [
    'server.ts',
    'server',
    ['landing', 'player', 'studio', 'webcaster', 'vendor-link', 'lab', 'csp', 'embed'],
    'shared',
    'backend',
    'clip',
  ],
};

/** The packages in the same way: shared code goes down into element, token or contract. */
export const packages = [
  ['qa', 'react', 'script-tag', 'gatecast'],
  ['player', 'webcaster'],
  ['element', 'adapters', 'webrtc'],
  'server',
  'token',
  'contract',
];

/**
 * Rooms with one folder for each engine, publisher or issuer. Each stands alone, so that a new one changes no other;
 * what several need lies in the room itself or in a folder named here.
 */
export const rivals = {
  'packages/player/src/engine': [],
  'packages/webcaster/src/publisher': [],
  'packages/server/src/issuer': ['nanocosmos'],
};
