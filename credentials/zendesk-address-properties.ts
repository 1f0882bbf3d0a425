import type { ICredentialTestRequest, INodeProperties } from 'n8n-workflow';

/** Where a Zendesk account is: the same fields in both of its credentials. */
export const zendeskAddressProperties: INodeProperties[] = [
	{
		displayName: 'Subdomain',
		name: 'subdomain',
		type: 'string',
		placeholder: 'acme',
		default: '',
		required: true,
		hint: 'The part before .zendesk.com, or the whole address',
		displayOptions: { show: { customHost: [false] } },
	},
	{
		displayName: 'Use a Host Outside Zendesk.com',
		name: 'customHost',
		type: 'boolean',
		default: false,
		description: 'Whether the API is called at another address, such as a proxy of your own or a practice server. The token is sent there.',
	},
	{
		displayName: 'URL',
		name: 'url',
		type: 'string',
		placeholder: 'https://zendesk-proxy.example.com',
		default: '',
		required: true,
		displayOptions: { show: { customHost: [true] } },
	},
];

/**
 * The account's base address as an n8n expression, for the fields where n8n itself makes the request (OAuth2, credential test).
 * The same rule as `zendesk/address.ts`, and a test holds the two together: without the switch it is one host label under
 * zendesk.com; anything else leads to `.invalid`, where by RFC 2606 no host can ever be, so that no token goes astray.
 */
export function zendeskBaseUrlExpression(fields: '$self' | '$credentials'): string {
	const label = `(String(${fields}["subdomain"] || "").trim().match(new RegExp("^(?:https?://)?([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:[.]zendesk[.]com)?(?:/.*)?$", "i")) || [])[1]`;
	const custom = `(String(${fields}["url"] || "").trim().match(new RegExp("^https?://[^/@?#]+[^@?#]*$", "i")) || ["https://not-an-address.invalid"])[0].replace(new RegExp("/+$"), "")`;
	return `{{ ${fields}["customHost"] ? ${custom} : ${label} ? "https://" + ${label}.toLowerCase() + ".zendesk.com" : "https://not-a-subdomain.invalid" }}`;
}

/**
 * Zendesk answers 200 to nobody, as "Anonymous user" without an id (zendesk-api.md §1), so the status alone proves nothing.
 * n8n goes by the kind of each rule; only its type says that all rules of a test are of one kind.
 */
export const zendeskTestRules = [
	{
		type: 'responseCode',
		properties: { value: 401, message: 'Zendesk did not accept the login: the token or the e-mail is wrong, or the token was revoked. Connect again.' },
	},
	{
		type: 'responseCode',
		properties: { value: 404, message: 'There is no Zendesk account at this address. Check the subdomain.' },
	},
	{
		type: 'responseSuccessBody',
		properties: { key: 'user.name', value: 'Anonymous user', message: 'Zendesk does not know this login: the token or the e-mail is wrong, or the token was revoked. Connect again.' },
	},
	{
		type: 'responseSuccessBody',
		properties: { key: 'user.id', value: null, message: 'Zendesk does not know this login: the token or the e-mail is wrong, or the token was revoked. Connect again.' },
	},
	{
		type: 'responseSuccessBody',
		properties: { key: 'user', value: undefined, message: 'Something answers at this address, but it is not Zendesk. Check the subdomain or the URL.' },
	},
	{
		type: 'responseSuccessBody',
		properties: { key: 'user.role', value: 'end-user', message: 'This login is an end user’s. Connect as an admin: Zendesk lets only admins read the ticket export.' },
	},
	{
		type: 'responseSuccessBody',
		properties: { key: 'user.role', value: 'agent', message: 'This login is an agent’s. Connect as an admin: Zendesk lets only admins read the ticket export.' },
	},
] as unknown as ICredentialTestRequest['rules'];
