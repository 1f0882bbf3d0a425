import { hostOf, zendeskBaseUrl } from '../../../zendesk/address';
import { expressionBaseUrl } from '../support/expression';

const both = (fields: { subdomain?: string; customHost?: boolean; url?: string }) => ({
	client: attempt(() => zendeskBaseUrl(fields)),
	expression: expressionBaseUrl(fields),
});

function attempt(work: () => string): string | undefined {
	try {
		return work();
	} catch {
		return undefined;
	}
}

describe('without the switch it is one host label under zendesk.com', () => {
	test.each([
		['acme', 'https://acme.zendesk.com'],
		[' acme ', 'https://acme.zendesk.com'],
		['ACME', 'https://acme.zendesk.com'],
		['acme.zendesk.com', 'https://acme.zendesk.com'],
		['https://acme.zendesk.com', 'https://acme.zendesk.com'],
		['http://acme.zendesk.com/agent/tickets/7?x=1#y', 'https://acme.zendesk.com'],
		['https://Acme.Zendesk.COM/', 'https://acme.zendesk.com'],
		['a', 'https://a.zendesk.com'],
		['a-b-c1', 'https://a-b-c1.zendesk.com'],
		[`a${'b'.repeat(61)}c`, `https://a${'b'.repeat(61)}c.zendesk.com`],
	])('%j → %s', (subdomain, expected) => {
		expect(both({ subdomain })).toEqual({ client: expected, expression: expected });
	});

	test.each([
		'',
		'   ',
		'acme.zendesk.com.evil.com',
		'acme.evil.com',
		'evil.com/acme.zendesk.com',
		'https://evil.com/acme.zendesk.com',
		'evil.com#.zendesk.com',
		'evil.com?.zendesk.com',
		'user@evil.com',
		'acme.zendesk.com@evil.com',
		'acme:secret@evil.com',
		'https://acme@evil.com/',
		'acme.zendesk.com:8443',
		'acme:80',
		'evil.com\\.zendesk.com',
		'evil\\acme',
		'acme\\@evil.com',
		'acme。zendesk。com',
		'evil。com/',
		'evil\u2024com',
		'аcme',
		'acmé',
		'ſcheme',
		'K\u212a',
		'acme\n.evil.com',
		'acme\n',
		'evil.com\n/acme',
		'acme/\nevil.com',
		'acme\u0000',
		'acme%2eevil.com',
		'//evil.com',
		'ftp://acme.zendesk.com',
		'javascript:alert(1)',
		'-acme',
		'acme-',
		'127.0.0.1',
		'[::1]',
		'a'.repeat(64),
		'acme.zendesk.com.',
		'a.b.zendesk.com',
		'zendesk.com',
		'.zendesk.com',
	])('%j leads nowhere, unless it is cut down to a label by trimming', (subdomain) => {
		const { client, expression } = both({ subdomain });
		if (subdomain.trim() === 'acme')
			expect({ client, expression }).toEqual({
				client: 'https://acme.zendesk.com',
				expression: 'https://acme.zendesk.com',
			});
		else expect({ client, expression }).toEqual({ client: undefined, expression: 'https://not-a-subdomain.invalid' });
	});

	test('the URL field counts for nothing', () => {
		expect(both({ subdomain: 'acme', url: 'https://evil.com' })).toEqual({
			client: 'https://acme.zendesk.com',
			expression: 'https://acme.zendesk.com',
		});
		expect(both({ url: 'https://evil.com' })).toEqual({
			client: undefined,
			expression: 'https://not-a-subdomain.invalid',
		});
	});

	test('the error says what to enter', () => {
		expect(() => zendeskBaseUrl({ subdomain: 'https://evil.com' })).toThrow(/"https:\/\/evil\.com".*subdomain/);
	});
});

describe('with the switch it is the URL', () => {
	test.each([
		['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
		['https://proxy.example.com/', 'https://proxy.example.com'],
		['https://proxy.example.com/zendesk//', 'https://proxy.example.com/zendesk'],
		[' https://proxy.example.com ', 'https://proxy.example.com'],
	])('%j', (url, expected) => {
		expect(both({ customHost: true, url, subdomain: 'acme' })).toEqual({ client: expected, expression: expected });
	});

	test.each([
		'',
		'proxy.example.com',
		'ftp://proxy.example.com',
		'https://user:secret@proxy.example.com',
		'https://user@proxy.example.com',
		'javascript:alert(1)',
		'file:///etc/passwd',
		'https://',
	])('%j leads nowhere', (url) => {
		expect(both({ customHost: true, url, subdomain: 'acme' })).toEqual({
			client: undefined,
			expression: 'https://not-an-address.invalid',
		});
	});
});

describe('the account that an address names', () => {
	test.each([
		['https://Acme.zendesk.com/api/v2/tickets/7.json', 'acme.zendesk.com'],
		['http://127.0.0.1:8080/api/v2/tickets/7.json', '127.0.0.1'],
		['not an address', undefined],
		['', undefined],
		[null, undefined],
		[undefined, undefined],
	])('%j → %s', (url, expected) => {
		expect(hostOf(url)).toBe(expected);
	});
});
