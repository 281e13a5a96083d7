import { defineConfig } from 'vite';
import { buildEnvironments, sourceConditions } from './.config/bundle/build-environments.js';
import { pageFrame } from './demo/server/page-frame.js';

// Serving is the demo with every package from its sources; building is one environment for each package and
// one for gatecast.js (see .config/bundle).
export default defineConfig(({ command }) => {
  if (command === 'serve') {
    return {
      root: 'demo',
      appType: 'mpa',
      resolve: { conditions: sourceConditions },
      plugins: [pageFrame()],
    };
  }
  return {
    base: './',
    environments: buildEnvironments(),
    builder: {
      async buildApp(builder) {
        for (const name of Object.keys(buildEnvironments())) {
          const environment = builder.environments[name];
          if (environment) await builder.build(environment);
        }
      },
    },
  };
});
