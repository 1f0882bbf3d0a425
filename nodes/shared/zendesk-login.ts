import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';
import type { NodeContext } from './send';

/** How a node logs in to Zendesk: OAuth2 first, API tokens are being retired. */
export const zendeskAuthentication: INodeProperties = {
	displayName: 'Zendesk Authentication',
	name: 'authentication',
	type: 'options',
	options: [
		{ name: 'API Token (Legacy)', value: 'apiToken', description: 'Stops working on 2027-04-30' },
		{ name: 'OAuth2', value: 'oAuth2' },
	],
	default: 'oAuth2',
};

export const zendeskCredentials: INodeCredentialDescription[] = [
	{ name: 'zendeskSyncOAuth2Api', displayName: 'Zendesk', required: true, displayOptions: { show: { authentication: ['oAuth2'] } } },
	{ name: 'zendeskSyncTokenApi', displayName: 'Zendesk', required: true, displayOptions: { show: { authentication: ['apiToken'] } } },
];

/**
 * OroCRM's. Always shown; that it is said by a condition keeps n8n's editor (2.41) from taking it for one of the choices of
 * {@link zendeskAuthentication}: it then offered Zendesk's credentials for OroCRM.
 */
export const oroCrmCredentials: INodeCredentialDescription[] = [{ name: 'oroCrmOAuth2Api', displayName: 'OroCRM', required: true, displayOptions: { show: { '@version': [1] } } }];

/** For nodes that work with both systems. */
export const bothCredentials: INodeCredentialDescription[] = [...oroCrmCredentials, ...zendeskCredentials];

export function zendeskCredentialType(context: NodeContext): string {
	const authentication = 'getCurrentNodeParameter' in context ? context.getCurrentNodeParameter('authentication') : context.getNodeParameter('authentication', 0);
	return authentication === 'apiToken' ? 'zendeskSyncTokenApi' : 'zendeskSyncOAuth2Api';
}
