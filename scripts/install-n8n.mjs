import { installN8n } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { runMain } from './lib/plain-error.mjs';
import { Progress } from './lib/progress.mjs';

/** Installs the real n8n and nothing else: CI does that beside the tests that need none. */
requireNode();
await runMain(async () => await installN8n(new Progress()));
