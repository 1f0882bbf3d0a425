import type { ICredentialTestRequest, ICredentialType, INodeProperties, Icon } from 'n8n-workflow';

/** OroCRM's back-office API by OAuth2 client credentials (orocrm-api.md §1.2). */
export class OroCrmOAuth2Api implements ICredentialType {
	name = 'oroCrmOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'OroCRM OAuth2 API';

	icon: Icon = { light: 'file:../icons/orocrm.svg', dark: 'file:../icons/orocrm.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-zendesk-orocrm/n8n-nodes-zendesk-orocrm#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'In OroCRM: switch the Web API on (System > Configuration > General Setup > Application Settings > Web API), then add an OAuth application of the type “Client Credentials” (System > User Management > OAuth Applications). It acts with the rights of its user.',
			name: 'notice',
			type: 'notice',
			default: '',
		},
		{ displayName: 'URL', name: 'url', type: 'string', placeholder: 'https://crm.example.com', default: '', required: true, hint: 'Address of the application, without /api' },
		{
			displayName: 'API Path',
			name: 'apiPath',
			type: 'options',
			options: [
				{ name: '/admin/api', value: '/admin/api', description: 'OroCRM with OroCommerce' },
				{ name: '/api', value: '/api', description: 'OroCRM' },
			],
			default: '/api',
		},
		{ displayName: 'Grant Type', name: 'grantType', type: 'hidden', default: 'clientCredentials' },
		{ displayName: 'Access Token URL', name: 'accessTokenUrl', type: 'hidden', default: '={{ String($self["url"] || "").trim().replace(new RegExp("/+$"), "") }}/oauth2-token', required: true },
		{ displayName: 'Authentication', name: 'authentication', type: 'hidden', default: 'body' },
		{ displayName: 'Scope', name: 'scope', type: 'hidden', default: '' },
	];

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ String($credentials.url || "").trim().replace(new RegExp("/+$"), "") }}',
			url: '={{ $credentials.apiPath }}/casestatuses',
			headers: { Accept: 'application/vnd.api+json' },
		},
		rules: [
			{
				type: 'responseCode',
				properties: { value: 401, message: 'OroCRM did not accept the client. Check the client ID and the client secret, and that the OAuth application is active and of the type “Client Credentials”.' },
			},
			{
				type: 'responseCode',
				properties: { value: 403, message: 'The user of the OAuth application may not see cases. Give their role the rights to view, create, edit and assign cases, contacts, accounts and users.' },
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message: 'OroCRM’s API is not there. Check the URL and the API path, and switch the Web API on: System > Configuration > General Setup > Application Settings > Web API.',
				},
			},
			{ type: 'responseCode', properties: { value: 503, message: 'OroCRM is under maintenance. Try again later.' } },
			{ type: 'responseSuccessBody', properties: { key: 'data', value: undefined, message: 'Something answers at this address, but it is not OroCRM’s API. Check the URL and the API path.' } },
		] as unknown as ICredentialTestRequest['rules'],
	};
}
