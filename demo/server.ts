import { streamCatalogue } from './backend/live-origin/stream-catalogue.js';
import { keySourceName } from './backend/tokens/trusted-keys.js';
import { type DemoServer, startDemoServer } from './server/demo-server.js';
import { type ServerSettings, readServerSettings } from './server/server-settings.js';

async function start(settings: ServerSettings): Promise<DemoServer> {
  try {
    return await startDemoServer(settings);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(
      `Port ${settings.port} is in use. Choose another one: PORT=${settings.port + 1} npm start`,
    );
  }
}

function describe({ origin, warnings }: DemoServer, { tokenTtlSeconds, streamJwks }: ServerSettings): string {
  return [
    '',
    `  Gatecast demo    ${origin}/`,
    `  documentation    ${origin}/docs/`,
    `  script tag       ${origin}/gatecast.js`,
    `  token endpoint   ${origin}/api/tokens (token lifetime ${tokenTtlSeconds} s)`,
    `  live streams     ${origin}/live/<stream>.m3u8`,
    `                   ${[...streamCatalogue.keys()].join(', ')}`,
    ...(streamJwks === undefined ? [] : [`  trusted keys     ${keySourceName(streamJwks)}`]),
    '',
    ...warnings.flatMap((warning) => [`  ${warning}`, '']),
  ].join('\n');
}

/** A second signal ends the process even if the server is still closing. */
function closeOnSignals(server: DemoServer): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void server.close().then(() => process.exit(0));
    });
  }
}

try {
  if (process.argv.length > 2)
    throw new Error(
      'npm start takes no options. Set environment variables: PORT=8080 TOKEN_TTL=10 npm start',
    );
  const settings = readServerSettings(process.env);
  const server = await start(settings);
  closeOnSignals(server);
  console.log(describe(server, settings));
  await server.buildScriptTag().catch((error: unknown) => {
    console.error('gatecast.js could not be built:', error);
  });
  await server.buildDocs().catch((error: unknown) => {
    console.error('The documentation could not be built:', error instanceof Error ? error.message : error);
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
