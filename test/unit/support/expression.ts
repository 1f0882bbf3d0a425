import { zendeskBaseUrlExpression } from '../../../credentials/zendesk-address-properties';

const inner = /^\{\{([\s\S]*)\}\}$/.exec(zendeskBaseUrlExpression('$self'))?.[1] ?? '';
const evaluate = new Function('$self', `return (${inner});`) as (fields: object) => string;

/** The base address that n8n gets from the credential's expression. */
export function expressionBaseUrl(fields: { subdomain?: string; customHost?: boolean; url?: string }): string {
	return evaluate(fields);
}
