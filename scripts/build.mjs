import { buildPackage } from './lib/build.mjs';
import { runMain } from './lib/plain-error.mjs';
import { Progress } from './lib/progress.mjs';
import { requireNode } from './lib/node-version.mjs';

requireNode();
await runMain(async () => await buildPackage(new Progress()));
