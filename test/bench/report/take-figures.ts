import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { repositoryRoot } from '../../../.config/bundle/library-packages.js';
import { countEndpoints } from '../lines/endpoint-lines.js';
import { countSchemes } from '../lines/scheme-lines.js';
import { type Figures, putTable, takeFigures, type RefreshReport, type StartupReport } from './figures.js';

const inRepository = (path: string): string => join(repositoryRoot, path);
const read = (path: string): string => readFileSync(inRepository(path), 'utf8');

async function write(path: string, text: string): Promise<void> {
  const config = await resolveConfig(inRepository(path));
  writeFileSync(inRepository(path), await format(text, { ...config, filepath: path }));
  console.log(`▸ ${path}`);
}

await write('demo/docs/scheme-lines.json', JSON.stringify(await countSchemes()));
await write('demo/docs/endpoint-lines.json', JSON.stringify(await countEndpoints()));

// `npm run bench -- startup refresh` writes both reports. One of them is enough.
const readReport = (path: string): unknown =>
  existsSync(inRepository(path)) ? JSON.parse(read(path)) : undefined;
const startup = readReport('.build/bench/startup.json') as StartupReport | undefined;
const refresh = readReport('.build/bench/refresh.json') as RefreshReport | undefined;
if (startup || refresh) {
  const earlier = JSON.parse(read('demo/docs/figures.json')) as Figures;
  const figures = takeFigures(startup, refresh, earlier);
  await write('demo/docs/figures.json', JSON.stringify(figures));
  await write('README.md', putTable(read('README.md'), figures));
} else {
  console.log(`There are no reports of start-up and refreshes: run \`npm run bench -- startup refresh\`.`);
}
