import { PRACTICE_OROCRM_CLIENT_ID, PRACTICE_OROCRM_CLIENT_SECRET } from '../../sandbox/orocrm/credentials';
import { PRACTICE_API_EMAIL, PRACTICE_API_TOKEN } from '../../sandbox/zendesk/credentials';

/** Looks at both practice systems as anybody could: through their APIs and pages, not through the package or the servers' insides. */

export interface TicketSeen {
	id: number;
	subject: string | null;
	status: string;
	priority: string | null;
	requester_id: number;
	assignee_id: number | null;
	external_id: string | null;
}

export interface TicketCommentSeen {
	body: string;
	public: boolean;
	author: string | null;
}

export interface CaseSeen {
	id: string;
	subject: string;
	externalId: string | null;
	status: string | null;
	priority: string | null;
	/** Texts of its comments, oldest first. */
	comments: string[];
}

export interface Resource {
	type: string;
	id: string;
	attributes?: Record<string, unknown>;
	relationships?: Record<string, { data: { type: string; id: string } | Array<{ type: string; id: string }> | null }>;
}

async function answered(response: Response): Promise<Response> {
	if (!response.ok) throw new Error(`${response.status} from ${response.url}: ${(await response.text()).slice(0, 300)}`);
	return response;
}

interface TicketPage {
	tickets: TicketSeen[];
	meta: { has_more: boolean };
	links: { next: string };
}

interface CommentPage {
	comments: Array<{ plain_body: string; public: boolean; author_id: number }>;
	users: Array<{ id: number; email: string | null }>;
}

export class ZendeskFromOutside {
	private readonly authorization = `Basic ${Buffer.from(`${PRACTICE_API_EMAIL}/token:${PRACTICE_API_TOKEN}`).toString('base64')}`;

	constructor(private readonly url: string) {}

	/** All tickets that were not deleted, by the list of tickets (which, unlike the export, has no delay). */
	async tickets(): Promise<TicketSeen[]> {
		const tickets: TicketSeen[] = [];
		let next: string | null = `/api/v2/tickets.json?page[size]=100`;
		while (next) {
			const page: TicketPage = await this.get<TicketPage>(next);
			tickets.push(...page.tickets);
			next = page.meta.has_more ? page.links.next.slice(this.url.length) : null;
		}
		return tickets;
	}

	async ticket(ticketId: number): Promise<TicketSeen> {
		return (await this.get<{ ticket: TicketSeen }>(`/api/v2/tickets/${ticketId}.json`)).ticket;
	}

	/** Its comments, oldest first, with the e-mails of those who wrote them. */
	async comments(ticketId: number): Promise<TicketCommentSeen[]> {
		const { comments, users } = await this.get<CommentPage>(`/api/v2/tickets/${ticketId}/comments.json?include=users`);
		return comments.map((comment) => ({
			body: comment.plain_body,
			public: comment.public,
			author: users.find((user) => user.id === comment.author_id)?.email ?? null,
		}));
	}

	async emailOf(userId: number | null): Promise<string | null> {
		if (userId === null) return null;
		return (await this.get<{ user: { email: string | null } }>(`/api/v2/users/${userId}.json`)).user.email;
	}

	private async get<T>(path: string): Promise<T> {
		const response = await fetch(`${this.url}${path}`, { headers: { authorization: this.authorization } });
		return (await (await answered(response)).json()) as T;
	}

	/** Creates a ticket by the API, in the name of a customer who may be new. @returns its number */
	async create(subject: string, body: string, requester: { name: string; email: string }): Promise<number> {
		const response = await fetch(`${this.url}/api/v2/tickets.json`, {
			method: 'POST',
			headers: { authorization: this.authorization, 'content-type': 'application/json' },
			body: JSON.stringify({ ticket: { subject, comment: { body, public: true }, requester, priority: 'high' } }),
		});
		return ((await (await answered(response)).json()) as { ticket: TicketSeen }).ticket.id;
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

	/** Saves the edit form on the ticket's page with other values in some fields and what the page shows in all others. Choices go by their words. */
	async editByForm(ticketId: number, changes: Record<string, string>): Promise<void> {
		const form = await formOn(`${this.url}/agent/tickets/${ticketId}`, 'value="edit"');
		await this.submit(`/agent/tickets/${ticketId}`, { ...fieldsOf(form), ...chosenIn(form, changes) });
	}

	private async submit(path: string, fields: Record<string, string>): Promise<void> {
		await submitForm(`${this.url}${path}`, fields);
	}
}

/** The form on a page that has this in it. */
async function formOn(address: string, mark: string): Promise<string> {
	const page = await (await answered(await fetch(address))).text();
	const form = page.split('<form').find((part) => part.includes(mark));
	if (!form) throw new Error(`${address} has no such form.`);
	return form.split('</form>')[0];
}

async function submitForm(address: string, fields: Record<string, string>): Promise<void> {
	await answered(await fetch(address, { method: 'POST', body: new URLSearchParams(fields) }));
}

/** The values behind the words of a choice; other fields hold what is typed. */
function chosenIn(form: string, changes: Record<string, string>): Record<string, string> {
	const choices = new Map([...form.matchAll(/<select name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g)].map(([, name, options]) => [name, options]));
	return Object.fromEntries(
		Object.entries(changes).map(([name, words]) => {
			const options = choices.get(name);
			if (options === undefined) return [name, words];
			const option = [...options.matchAll(/<option[^>]*value="([^"]*)"[^>]*>([^<]*)<\/option>/g)].find(([, , text]) => unescapeHtml(text).trim() === words);
			if (!option) throw new Error(`The form has no "${words}" to choose as ${name}.`);
			return [name, unescapeHtml(option[1])];
		}),
	);
}

/** The values that a browser would send for a form as it is shown. */
function fieldsOf(form: string): Record<string, string> {
	const fields: Record<string, string> = {};
	for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
		const name = /name="([^"]*)"/.exec(tag)?.[1];
		if (name) fields[name] = unescapeHtml(/value="([^"]*)"/.exec(tag)?.[1] ?? '');
	}
	for (const [, name, written] of form.matchAll(/<textarea name="([^"]*)"[^>]*>([\s\S]*?)<\/textarea>/g)) fields[name] = unescapeHtml(written);
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
			priority: idOf(resource, 'priority'),
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

	/** The one case that OroCRM keeps for a ticket. */
	async caseOf(ticketId: number): Promise<CaseSeen> {
		const cases = (await this.casesByTicket()).get(ticketId) ?? [];
		if (cases.length !== 1) throw new Error(`Ticket ${ticketId} has ${cases.length} cases.`);
		return cases[0];
	}

	/** The number of the ticket that a case is tied to, if there is one. */
	async ticketOf(caseId: string): Promise<number | undefined> {
		return [...(await this.casesByTicket())].find(([, cases]) => cases.some((one) => one.id === caseId))?.[0];
	}

	/** The id of the case with this subject. */
	async caseNamed(subject: string): Promise<string> {
		const found = (await this.list('cases')).data.filter((one) => one.attributes?.subject === subject);
		if (found.length !== 1) throw new Error(`There are ${found.length} cases "${subject}".`);
		return found[0].id;
	}

	/** Makes a case by the API; OroCRM's practice pages have no form for it. @returns its id */
	async createCase(subject: string, description: string, source: string): Promise<string> {
		const response = await fetch(`${this.apiUrl}/cases`, {
			method: 'POST',
			headers: {
				accept: 'application/vnd.api+json',
				'content-type': 'application/vnd.api+json',
				authorization: `Bearer ${await this.accessToken()}`,
			},
			body: JSON.stringify({
				data: {
					type: 'cases',
					attributes: { subject, description },
					relationships: {
						source: { data: { type: 'casesources', id: source } },
						status: { data: { type: 'casestatuses', id: 'open' } },
						priority: { data: { type: 'casepriorities', id: 'normal' } },
					},
				},
			}),
		});
		return ((await (await answered(response)).json()) as { data: Resource }).data.id;
	}

	/** Saves the edit form of a case with other values in some fields and what the page shows in all others. Choices go by their words. */
	async editByForm(caseId: string, changes: Record<string, string>): Promise<void> {
		const address = `${this.url}/case/update/${caseId}`;
		const form = await formOn(address, 'name="subject"');
		await submitForm(address, { ...fieldsOf(form), ...chosenIn(form, changes) });
	}

	/** Adds a comment by the form on the case's page, in the name of the user with this e-mail. */
	async commentByForm(caseId: string, message: string, shown: 'public' | 'private', author: string): Promise<void> {
		const user = (await this.list('users')).data.find((one) => one.attributes?.email === author);
		if (!user) throw new Error(`OroCRM has no user ${author}.`);
		await submitForm(`${this.url}/case/comment/${caseId}`, { message, visibility: shown, owner: user.id });
	}

	/** All rows of a type, as the JSON:API gives them. */
	async all(type: string): Promise<Resource[]> {
		return (await this.list(type)).data;
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

export function idOf(resource: Resource, relationship: string): string | null {
	const data = resource.relationships?.[relationship]?.data;
	return data && !Array.isArray(data) ? data.id : null;
}
