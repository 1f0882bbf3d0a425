const base = require('./jest.config.cjs');

/** Tests against a real n8n: slow, one after the other, in folders of their own. `npm run test:e2e` and `npm run test:e2e:queue` run them. */
module.exports = {
	...base,
	roots: ['<rootDir>/test/e2e', '<rootDir>/test/e2e-queue'],
	// The launcher loads the built nodes.
	modulePathIgnorePatterns: ['<rootDir>/.sandbox/', '<rootDir>/sandbox/n8n/'],
	testPathIgnorePatterns: ['/node_modules/'],
	testTimeout: 180_000,
	maxWorkers: 1,
};
