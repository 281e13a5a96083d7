import { checkApiReports } from './api-reports.js';
import { buildPackages } from './build-packages.js';

await buildPackages();
for (const { path, hasChanged } of checkApiReports({ update: true }))
  console.log(`${hasChanged ? '▸' : '▸ unchanged:'} ${path}`);
