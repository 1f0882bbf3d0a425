import type { ICredentialTestRequest, ICredentialType, INodeProperties, Icon } from 'n8n-workflow';
import { zendeskAddressProperties, zendeskBaseUrlExpression, zendeskTestRules } from './zendesk-address-properties';

const baseUrl = zendeskBaseUrlExpression('$self');

/** Zendesk by OAuth2: authorization code, with refresh tokens that Zendesk rotates (zendesk-api.md §1). */
export class ZendeskSyncOAuth2Api implements ICredentialType {
	name = 'zendeskSyncOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Zendesk Sync OAuth2 API';

	icon: Icon = { light: 'file:../icons/zendesk.svg', dark: 'file:../icons/zendesk.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-zendesk-orocrm/n8n-nodes-zendesk-orocrm#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Create an OAuth client in Zendesk: Admin Center > Apps and integrations > APIs > OAuth clients. Enter the redirect URL above there, and its identifier and secret here. Connect as an admin: Zendesk lets only admins read the ticket export.',
			name: 'notice',
			type: 'notice',
			default: '',
		},
		...zendeskAddressProperties,
		{
			displayName: 'Access',
			name: 'access',
			type: 'options',
			options: [
				{ name: 'Read Only', value: 'read', description: 'Enough for one-way sync: nothing can be written to Zendesk' },
				{ name: 'Read and Write', value: 'readWrite', description: 'Needed for two-way sync and for publishing cases' },
			],
			default: 'read',
			hint: 'After a change, connect again',
		},
		{ displayName: 'Grant Type', name: 'grantType', type: 'hidden', default: 'authorizationCode' },
		{ displayName: 'Authorization URL', name: 'authUrl', type: 'hidden', default: `=${baseUrl}/oauth/authorizations/new`, required: true },
		{ displayName: 'Access Token URL', name: 'accessTokenUrl', type: 'hidden', default: `=${baseUrl}/oauth/tokens`, required: true },
		{ displayName: 'Scope', name: 'scope', type: 'hidden', default: '={{ $self["access"] === "readWrite" ? "read write" : "read" }}' },
		{ displayName: 'Auth URI Query Parameters', name: 'authQueryParameters', type: 'hidden', default: '' },
		{ displayName: 'Authentication', name: 'authentication', type: 'hidden', default: 'body' },
	];

	test: ICredentialTestRequest = {
		request: { baseURL: `=${zendeskBaseUrlExpression('$credentials')}`, url: '/api/v2/users/me.json', headers: { Accept: 'application/json' } },
		rules: zendeskTestRules,
	};
}
