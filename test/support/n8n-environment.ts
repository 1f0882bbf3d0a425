import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What n8n-core reads when it loads: import this before it. */
const folder = mkdtempSync(join(tmpdir(), 'n8n-workflow-test-'));
Object.assign(process.env, { N8N_USER_FOLDER: folder, N8N_ENCRYPTION_KEY: 'workflow-test', N8N_LOG_LEVEL: 'silent' });

afterAll(() => rmSync(folder, { recursive: true, force: true }));
