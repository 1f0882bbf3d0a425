import type { IAuthenticateGeneric, ICredentialTestRequest, ICredentialType, INodeProperties, Icon } from 'n8n-workflow';
import { zendeskAddressProperties, zendeskBaseUrlExpression, zendeskTestRules } from './zendesk-address-properties';

/** Zendesk by API token: legacy, Zendesk is retiring it (zendesk-api.md §1). */
export class ZendeskSyncTokenApi implements ICredentialType {
	name = 'zendeskSyncTokenApi';

	displayName = 'Zendesk Sync API Token (Legacy) API';

	icon: Icon = { light: 'file:../icons/zendesk.svg', dark: 'file:../icons/zendesk.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-zendesk-orocrm/n8n-nodes-zendesk-orocrm#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Zendesk is retiring API tokens: no new ones since 2026-10-27, tokens unused for 30 days are switched off, and all stop working on 2027-04-30. Use OAuth2 where you can.',
			name: 'notice',
			type: 'notice',
			default: '',
		},
		...zendeskAddressProperties,
		{ displayName: 'E-Mail', name: 'email', type: 'string', placeholder: 'name@example.com', default: '', required: true, hint: 'Of the admin who the token acts for' },
		{ displayName: 'API Token', name: 'apiToken', type: 'string', typeOptions: { password: true }, default: '', required: true },
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { auth: { username: '={{ $credentials.email }}/token', password: '={{ $credentials.apiToken }}' } },
	};

	test: ICredentialTestRequest = {
		request: { baseURL: `=${zendeskBaseUrlExpression('$credentials')}`, url: '/api/v2/users/me.json', headers: { Accept: 'application/json' } },
		rules: zendeskTestRules,
	};
}
