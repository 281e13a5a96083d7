import { createServer } from 'vitepress';
import { buildDocs } from './build-docs.js';
import { docsFolder, generateReference } from './generate-reference.js';

async function build(): Promise<void> {
  const { folder, built } = await buildDocs();
  console.log(`${built ? '▸' : '▸ unchanged:'} ${folder}/index.html`);
}

async function serve(): Promise<void> {
  await generateReference();
  const server = await createServer(docsFolder);
  await server.listen();
  server.printUrls();
}

try {
  await (process.argv[2] === 'build' ? build() : serve());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
