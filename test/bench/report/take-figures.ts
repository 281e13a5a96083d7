import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { repositoryRoot } from '../../../.config/bundle/library-packages.js';
import { countSchemes } from '../lines/scheme-lines.js';
import { putTable, takeFigures, type RefreshReport, type StartupReport } from './figures.js';

const inRepository = (path: string): string => join(repositoryRoot, path);
const read = (path: string): string => readFileSync(inRepository(path), 'utf8');

async function write(path: string, text: string): Promise<void> {
  const config = await resolveConfig(inRepository(path));
  writeFileSync(inRepository(path), await format(text, { ...config, filepath: path }));
  console.log(`▸ ${path}`);
}

await write('demo/docs/scheme-lines.json', JSON.stringify(await countSchemes()));

// `npm run bench -- startup refresh` writes both reports.
const reports = ['.build/bench/startup.json', '.build/bench/refresh.json'] as const;
if (reports.every((path) => existsSync(inRepository(path)))) {
  const [startup, refresh] = reports;
  const figures = takeFigures(
    JSON.parse(read(startup)) as StartupReport,
    JSON.parse(read(refresh)) as RefreshReport,
  );
  await write('demo/docs/figures.json', JSON.stringify(figures));
  await write('README.md', putTable(read('README.md'), figures));
} else {
  console.log(`There are no reports of start-up and refreshes: run \`npm run bench -- startup refresh\`.`);
}
