// n8n's own rules for community nodes, as its review of published packages applies them. Run over what is published only;
// eslint.config.mjs is the one for the whole checkout and builds on this.
import { config } from '@n8n/node-cli/eslint';

export default [
	...config,
	{
		// These folders know no node (docs/architecture.md), so they cannot make a NodeApiError; nodes/ turns their errors into one.
		// n8n's review looks for this in nodes/ and credentials/ only.
		files: ['pipeline/**/*.ts', 'sync/**/*.ts', 'zendesk/**/*.ts', 'orocrm/**/*.ts', 'http/**/*.ts'],
		rules: { '@n8n/community-nodes/require-node-api-error': 'off' },
	},
];
