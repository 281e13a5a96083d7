import { runQaCommand } from '@gatecast/qa/internal/command/run-qa-command';
import { buildProbe } from '../../.config/bundle/build-probe.js';
import { schemeTable } from '../../demo/backend/schemes/scheme-table.js';
import { startDemoServer } from '../../demo/server/demo-server.js';
import { findSchemePreset } from '../../demo/shared/settings/scheme-presets.js';
import { findEngine } from '../support/runner/find-engines.js';
import { installChromium } from '../support/runner/install-chromium.js';

process.exitCode = await runQaCommand(process.argv.slice(2), {
  name: 'npm run qa --',
  out: (text) => process.stdout.write(text),
  note: (text) => process.stderr.write(text),
  schemes: schemeTable.map(({ name, label }) => ({ name, label, query: findSchemePreset(name) ?? '' })),
  findBrowser: () => (findEngine('chromium') ?? installChromium())?.executable,
  buildProbe,
  async startPage() {
    const server = await startDemoServer({ port: 0, tokenTtlSeconds: 30 });
    await server.buildScriptTag();
    return { url: `${server.origin}/lab/`, close: () => server.close() };
  },
});
