import { createServer } from 'vitepress';
import { buildDocs, docsFolder, writeReference } from './build-docs.js';

try {
  if (process.argv[2] === 'build') {
    const { folder, built } = await buildDocs();
    console.log(`${built ? '▸' : '▸ unchanged:'} ${folder}/index.html`);
  } else {
    await writeReference();
    const server = await createServer(docsFolder);
    await server.listen();
    server.printUrls();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
