import fc from 'fast-check';
import { zendeskBaseUrl } from '../../zendesk/address';
import { expressionBaseUrl } from '../unit/support/expression';

function attempt(work: () => string): string | undefined {
	try {
		return work();
	} catch {
		return undefined;
	}
}

const piece = fc.constantFrom(
	'acme',
	'evil',
	'.com',
	'.zendesk.com',
	'@',
	':',
	'/',
	'//',
	'\\',
	'?',
	'#',
	'.',
	'。',
	'\u2024',
	'-',
	'\n',
	'\r',
	'\t',
	' ',
	'\u0000',
	'%2e',
	'https://',
	'http://',
	'ſ',
	'\u212a',
	'A',
	'0',
	':443',
	'[::1]',
	'user:pw@',
);
const address = fc.oneof(
	fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
	fc.string({ unit: 'binary', maxLength: 40 }),
	fc.webUrl(),
	fc.domain(),
	fc.stringMatching(/^[a-zA-Z0-9-]{0,70}$/),
);

describe('without the switch', () => {
	test('the client and n8n’s expression decide alike, and never lead outside zendesk.com', () => {
		fc.assert(
			fc.property(address, address, (subdomain, url) => {
				const client = attempt(() => zendeskBaseUrl({ subdomain, customHost: false, url }));
				const expression = expressionBaseUrl({ subdomain, customHost: false, url });
				expect(expression).toBe(client ?? 'https://not-a-subdomain.invalid');
				expect(expression).toMatch(
					/^https:\/\/(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.zendesk\.com|not-a-subdomain\.invalid)$/,
				);
				const goes = attempt(() => new URL(expression).hostname);
				if (goes !== undefined) expect(`https://${goes}`).toBe(expression);
			}),
			{ numRuns: 5_000 },
		);
	});
});

describe('with the switch', () => {
	test('where the client refuses, the expression leads nowhere; where both go, they go to the same place', () => {
		fc.assert(
			fc.property(address, (url) => {
				const client = attempt(() => zendeskBaseUrl({ subdomain: 'acme', customHost: true, url }));
				const expression = expressionBaseUrl({ subdomain: 'acme', customHost: true, url });
				const goes = attempt(() => new URL(expression).origin);
				if (goes === undefined || goes === 'https://not-an-address.invalid') return;
				expect(goes).toBe(client === undefined ? undefined : new URL(client).origin);
				expect(new URL(expression).username).toBe('');
			}),
			{ numRuns: 5_000 },
		);
	});
});
