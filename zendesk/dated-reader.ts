import type { Query, ZendeskClient } from './client';

/**
 * Reads as a client does, and notes when Zendesk answered by its own clock. What is "just now" for a date that Zendesk gave can only be told
 * by that clock: n8n's may be minutes away from it.
 */
export class DatedReader implements Pick<ZendeskClient, 'get'> {
	private dates: Array<number | undefined> = [];

	constructor(private readonly client: ZendeskClient) {}

	async get<T>(path: string, query?: Query): Promise<T> {
		const { body, answeredAt } = await this.client.getDated<T>(path, query);
		this.dates.push(answeredAt);
		return body;
	}

	/** When the earliest of the answers so far was given: milliseconds since 1970, in whole seconds. Undefined when there is none, or one without a date. */
	get answeredAt(): number | undefined {
		return this.dates.length === 0 || this.dates.includes(undefined) ? undefined : Math.min(...(this.dates as number[]));
	}
}
