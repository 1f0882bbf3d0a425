import { PRACTICE_OROCRM_CLIENT_ID, PRACTICE_OROCRM_CLIENT_SECRET } from '../../sandbox/orocrm/credentials';
import { PRACTICE_API_EMAIL, PRACTICE_API_TOKEN } from '../../sandbox/zendesk/credentials';

/** Looks at both practice systems as anybody could: through their APIs and pages, not through the package or the servers' insides. */

export interface TicketSeen {
	id: number;
	subject: string | null;
	status: string;
}

export interface CaseSeen {
	id: string;
	subject: string;
	externalId: string | null;
	status: string | null;
	/** Texts of its comments, oldest first. */
	comments: string[];
}

interface Resource {
	type: string;
	id: string;
	attributes?: Record<string, unknown>;
	relationships?: Record<string, { data: { type: string; id: string } | Array<{ type: string; id: string }> | null }>;
}

async function answered(response: Response): Promise<Response> {
	if (!response.ok) throw new Error(`${response.status} from ${response.url}: ${(await response.text()).slice(0, 300)}`);
	return response;
}

export class ZendeskFromOutside {
	private readonly authorization = `Basic ${Buffer.from(`${PRACTICE_API_EMAIL}/token:${PRACTICE_API_TOKEN}`).toString('base64')}`;

	constructor(private readonly url: string) {}

	/** All tickets that were not deleted, by the list of tickets (which, unlike the export, has no delay). */
	async tickets(): Promise<TicketSeen[]> {
		const tickets: TicketSeen[] = [];
		let next: string | null = `${this.url}/api/v2/tickets.json?page[size]=100`;
		while (next) {
			const response = await answered(await fetch(next, { headers: { authorization: this.authorization } }));
			const page = (await response.json()) as { tickets: TicketSeen[]; meta: { has_more: boolean }; links: { next: string } };
			tickets.push(...page.tickets);
			next = page.meta.has_more ? page.links.next : null;
		}
		return tickets;
	}

	/** Creates a ticket by the form of the page "new ticket", as a person would. */
	async createByForm(subject: string, description: string): Promise<number> {
		await this.submit('/agent/tickets/new', {
			requester_name: 'Nora Newcomer',
			requester_email: `nora.${Date.now()}@example.com`,
			subject,
			description,
			public: 'yes',
			priority: 'high',
		});
		const ticket = (await this.tickets()).find((one) => one.subject === subject);
		if (!ticket) throw new Error(`The form made no ticket "${subject}".`);
		return ticket.id;
	}

	/** Adds a comment by the form on the ticket's page. */
	async commentByForm(ticketId: number, body: string, shown: 'public' | 'internal'): Promise<void> {
		await this.submit(`/agent/tickets/${ticketId}`, { action: 'comment', body, public: shown === 'public' ? 'yes' : 'no' });
	}

	/** Saves the edit form on the ticket's page with other values in some fields and what the page shows in all others. */
	async editByForm(ticketId: number, changes: Record<string, string>): Promise<void> {
		const page = await (await answered(await fetch(`${this.url}/agent/tickets/${ticketId}`))).text();
		const form = page.split('<form').find((part) => part.includes('value="edit"'));
		if (!form) throw new Error(`The page of ticket ${ticketId} has no edit form.`);
		await this.submit(`/agent/tickets/${ticketId}`, { ...fieldsOf(form), ...changes });
	}

	private async submit(path: string, fields: Record<string, string>): Promise<void> {
		await answered(await fetch(`${this.url}${path}`, { method: 'POST', body: new URLSearchParams(fields) }));
	}
}

/** The values that a browser would send for a form as it is shown. */
function fieldsOf(form: string): Record<string, string> {
	const fields: Record<string, string> = {};
	for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
		const name = /name="([^"]*)"/.exec(tag)?.[1];
		if (name) fields[name] = unescapeHtml(/value="([^"]*)"/.exec(tag)?.[1] ?? '');
	}
	for (const [, name, options] of form.matchAll(/<select name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g)) {
		const chosen = /<option[^>]*value="([^"]*)"[^>]*\sselected/.exec(options) ?? /<option[^>]*value="([^"]*)"/.exec(options);
		fields[name] = unescapeHtml(chosen?.[1] ?? '');
	}
	return fields;
}

const unescapeHtml = (text: string): string =>
	text.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));

export class OroFromOutside {
	private token: string | undefined;

	constructor(
		private readonly url: string,
		private readonly apiUrl: string,
	) {}

	/** For each ticket number the cases that OroCRM keeps for it. Cases that belong to no ticket are left out. */
	async casesByTicket(): Promise<Map<number, CaseSeen[]>> {
		const records = await this.list('zendesktickets', 'relatedCase');
		const comments = (await this.list('casecomments')).data;
		const cases = (await this.list('cases')).data;
		const seen = (resource: Resource): CaseSeen => ({
			id: resource.id,
			subject: String(resource.attributes?.subject),
			externalId: (resource.attributes?.externalId as string | null) ?? null,
			status: idOf(resource, 'status'),
			comments: comments
				.filter((comment) => idOf(comment, 'case') === resource.id)
				.sort((a, b) => Number(a.id) - Number(b.id))
				.map((comment) => String(comment.attributes?.message)),
		});

		const byTicket = new Map<number, Map<string, CaseSeen>>();
		const add = (ticketId: number, found: Resource): void => {
			if (!byTicket.has(ticketId)) byTicket.set(ticketId, new Map());
			byTicket.get(ticketId)?.set(found.id, seen(found));
		};
		for (const record of records.data) {
			const related = cases.find((one) => one.id === idOf(record, 'relatedCase'));
			if (related) add(Number(record.attributes?.originId), related);
		}
		// A case without a record would be a twin that the records do not show; its key ends in the ticket's number.
		for (const one of cases) {
			const ticketId = /^zd-.*-(\d+)$/.exec(String(one.attributes?.externalId ?? ''))?.[1];
			if (ticketId) add(Number(ticketId), one);
		}
		return new Map([...byTicket].map(([ticketId, found]) => [ticketId, [...found.values()]]));
	}

	private async list(type: string, include?: string): Promise<{ data: Resource[] }> {
		const data: Resource[] = [];
		for (let number = 1; ; number += 1) {
			const query = new URLSearchParams({ sort: 'id', 'page[size]': '500', 'page[number]': String(number) });
			if (include) query.set('include', include);
			const response = await fetch(`${this.apiUrl}/${type}?${query}`, {
				headers: { accept: 'application/vnd.api+json', authorization: `Bearer ${await this.accessToken()}` },
			});
			const page = (await (await answered(response)).json()) as { data: Resource[] };
			data.push(...page.data);
			if (page.data.length < 500) return { data };
		}
	}

	private async accessToken(): Promise<string> {
		if (this.token) return this.token;
		const response = await fetch(`${this.url}/oauth2-token`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({
				grant_type: 'client_credentials',
				client_id: PRACTICE_OROCRM_CLIENT_ID,
				client_secret: PRACTICE_OROCRM_CLIENT_SECRET,
			}),
		});
		this.token = ((await (await answered(response)).json()) as { access_token: string }).access_token;
		return this.token;
	}
}

function idOf(resource: Resource, relationship: string): string | null {
	const data = resource.relationships?.[relationship]?.data;
	return data && !Array.isArray(data) ? data.id : null;
}
