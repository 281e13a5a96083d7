import { defineConfig } from 'vite';
import { buildEnvironments, sourceConditions } from './.config/bundle/build-environments.js';
import { pageFrame } from './demo/server/page-frame.js';
import { startLine } from './demo/server/start-line.js';

// Serves the demo with every package from its sources; builds one environment for each package and one for gatecast.js
// (see .config/bundle).
export default defineConfig(({ command }) => {
  if (command === 'serve') {
    return {
      root: 'demo',
      appType: 'mpa',
      resolve: { conditions: sourceConditions },
      plugins: [pageFrame(), startLine()],
    };
  }
  return { base: './', environments: buildEnvironments() };
});
