#!/usr/bin/env node
// npx runs the command of a package with the same name. The code is in @gatecast/server.
await import(new URL('bin/gatecast.js', import.meta.resolve('@gatecast/server/package.json')).href);
