import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { repositoryRoot } from '../../../.config/bundle/library-packages.js';
import { putTable, takeFigures, type RefreshReport, type StartupReport } from './figures.js';

const inRepository = (path: string): string => join(repositoryRoot, path);
const read = (path: string): string => readFileSync(inRepository(path), 'utf8');

async function write(path: string, text: string): Promise<void> {
  const config = await resolveConfig(inRepository(path));
  writeFileSync(inRepository(path), await format(text, { ...config, filepath: path }));
  console.log(`▸ ${path}`);
}

// `npm run bench -- startup refresh` writes both files.
const figures = takeFigures(
  JSON.parse(read('.build/bench/startup.json')) as StartupReport,
  JSON.parse(read('.build/bench/refresh.json')) as RefreshReport,
);
await write('demo/docs/figures.json', JSON.stringify(figures));
await write('README.md', putTable(read('README.md'), figures));
