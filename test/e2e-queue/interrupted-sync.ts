import type { Template } from '../../sandbox/launcher/templates';
import { idOf } from '../e2e/outside';
import { eventually, everyTicketHasOneCase, type TestSandbox } from '../e2e/support';

/** Whose comments in OroCRM go to Zendesk: known on both sides. */
const ANNA = 'anna.keller@example.com';

/** Creations on each side that are quick while all else is slow. */
const QUICK = 2;
/** So often it is tried to catch both directions at work. */
const ATTEMPTS = 3;
const TICKETS = 12;
const CASES = 6;
const EDITED = 3;

/** Milliseconds until both triggers have looked: Zendesk's trigger waits when ten exports went out in the last minute. */
const LOOK_WITHIN = 75_000;

/** The two-way template as shipped, but for what a builder sets, and for looks in seconds. A silent run is given up as early as can be. */
const settings: Record<string, Record<string, unknown>> = {
	'Zendesk Tickets Trigger': { interval: 7, unit: 'seconds', options: { runDeadline: 1 } },
	'OroCRM Cases Trigger': { interval: 4, unit: 'seconds', publish: 'some', sources: ['phone'], options: { runDeadline: 1 } },
};

export const WORKFLOW = 'two-way-sync';

export function withQuickLooks(template: Template): Template {
	if (template.id !== WORKFLOW) return template;
	for (const node of template.nodes) Object.assign(node.parameters as object, settings[node.name] ?? {});
	return template;
}

/** A ticket with its case that was in step before, and what people on both sides then wrote. */
interface Edited {
	ticketId: number;
	subject: string;
	inZendesk: string;
	inOroCrm: string;
}

/** A ticket that a new customer wrote, with a second comment. */
interface Written {
	ticketId: number;
	email: string;
	comments: string[];
}

/** A case that is to be published, with a comment. */
interface Phoned {
	caseId: string;
	subject: string;
	comments: string[];
}

interface Execution {
	id: string;
	status: string;
}

export interface SavedWorkflow {
	name: string;
	nodes: Array<{ name: string; parameters: Record<string, unknown> }>;
	connections: object;
	settings: Record<string, unknown>;
}

/**
 * Two-way sync that is interrupted in mid-batch, again and again in the same world: each time there is new work in both directions,
 * and in the end all of it, of every time so far, must be there once on both sides.
 */
export class InterruptedSync {
	private readonly written: Written[] = [];
	private readonly phoned: Phoned[] = [];
	private readonly edited: Edited[] = [];
	private readonly ticketsBefore: number;
	private readonly contactsBefore: number;

	private constructor(
		readonly sandbox: TestSandbox,
		before: { tickets: number; contacts: number },
	) {
		this.ticketsBefore = before.tickets;
		this.contactsBefore = before.contacts;
	}

	/** Waits for the first load. */
	static async start(sandbox: TestSandbox): Promise<InterruptedSync> {
		const tickets = await everyTicketHasOneCase(sandbox, 120_000);
		await noRunLasts(sandbox);
		return new InterruptedSync(sandbox, { tickets, contacts: (await sandbox.oroFromOutside.all('contacts')).length });
	}

	/**
	 * New tickets, new cases and edits on both sides while nobody looks; then the sync is switched on with writes that take so long that it can be caught at them.
	 * Comes back when each direction has written something, and neither is done.
	 */
	async untilInMidBatch(mark: string): Promise<void> {
		for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
			if (await this.isInMidBatch(attempt === 1 ? mark : `${mark} ${attempt}`)) return;
			// One direction was done before the other began, and the test would show nothing: on a busy machine one trigger looks much later.
			await this.settles();
		}
		throw new Error(`The sync could not be caught in the middle of a batch, ${ATTEMPTS} times.`);
	}

	/** @returns whether both directions were caught */
	private async isInMidBatch(mark: string): Promise<boolean> {
		const { n8n, zendesk, orocrm } = this.sandbox;
		await n8n.client.deactivate(WORKFLOW);
		await noRunLasts(this.sandbox);
		await this.work(mark);
		const creations = [
			[orocrm.faults, '/zendesktickets'],
			[zendesk.faults, '/tickets'],
		] as const;
		for (const [faults, path] of creations) {
			// Some are there soon, the others hold the batch until the other direction has begun, too.
			faults.add({ method: 'POST', path, skip: QUICK, effect: { kind: 'latency', milliseconds: 9_000 } });
		}
		await n8n.client.activate(WORKFLOW);
		await eventually(async () => {
			const { tickets, cases } = await this.toDo();
			expect(tickets).toBeLessThan(TICKETS);
			expect(cases).toBeLessThan(CASES);
		}, 60_000);
		const { tickets, cases } = await this.toDo();
		return tickets > 0 && cases > 0;
	}

	/** Lets the systems be quick again. What they are still at is carried out all the same. */
	quick(): void {
		this.sandbox.orocrm.faults.clear();
		this.sandbox.zendesk.faults.clear();
	}

	/** Waits until everything is there once on both sides and no run lasts, and then until each trigger has looked again without finding work. */
	async settles(within = 150_000): Promise<void> {
		this.quick();
		await eventually(async () => await this.expectAllOnce(), within);
		await noRunLasts(this.sandbox);
		const writes = this.writes();
		await this.bothTriggersLook();
		await noRunLasts(this.sandbox);
		await this.expectAllOnce();
		expect(this.writes()).toEqual(writes);
	}

	/** The runs of the sync that have this status. */
	async runs(status: string): Promise<Execution[]> {
		return (await this.sandbox.n8n.client.request<{ data: Execution[] }>('GET', `/executions?workflowId=${WORKFLOW}&status=${status}&limit=100`)).data;
	}

	/** Saves the workflow with a change and publishes it. */
	async publishChanged(change: (workflow: SavedWorkflow) => void): Promise<void> {
		const { client } = this.sandbox.n8n;
		const { name, nodes, connections, settings: kept } = await client.request<SavedWorkflow>('GET', `/workflows/${WORKFLOW}`);
		const workflow = { name, nodes, connections, settings: kept };
		change(workflow);
		await client.request('PUT', `/workflows/${WORKFLOW}`, workflow);
		await client.untilPublished(WORKFLOW);
	}

	private async work(mark: string): Promise<void> {
		const { zendeskFromOutside, oroFromOutside } = this.sandbox;
		for (const earlier of this.written.slice(-EDITED)) {
			const caseId = (await oroFromOutside.caseOf(earlier.ticketId)).id;
			const edited = {
				ticketId: earlier.ticketId,
				subject: `${mark}: subject from OroCRM ${earlier.ticketId}`,
				inZendesk: `${mark}: later comment in Zendesk ${earlier.ticketId}`,
				inOroCrm: `${mark}: later comment in OroCRM ${earlier.ticketId}`,
			};
			await zendeskFromOutside.commentByForm(edited.ticketId, edited.inZendesk, 'public');
			await oroFromOutside.commentByForm(caseId, edited.inOroCrm, 'public', ANNA);
			await oroFromOutside.editByForm(caseId, { subject: edited.subject });
			this.edited.push(edited);
		}
		for (let number = 1; number <= TICKETS; number += 1) {
			const name = `${mark} ${number}`;
			const email = `${name.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}@customer.example`;
			const comments = [`${name}: first comment`, `${name}: second comment`];
			const ticketId = await zendeskFromOutside.create(`Ticket ${name}`, comments[0], { name: `Customer ${name}`, email });
			await zendeskFromOutside.commentByForm(ticketId, comments[1], number % 2 === 0 ? 'public' : 'internal');
			this.written.push({ ticketId, email, comments });
		}
		for (let number = 1; number <= CASES; number += 1) {
			const subject = `Case ${mark} ${number}`;
			const comments = [`${subject}: description`, `${subject}: comment`];
			const caseId = await oroFromOutside.createCase(subject, comments[0], 'phone');
			await oroFromOutside.commentByForm(caseId, comments[1], 'public', ANNA);
			this.phoned.push({ caseId, subject, comments });
		}
	}

	/** How many of the new tickets have no case yet, and how many of the new cases no ticket. */
	private async toDo(): Promise<{ tickets: number; cases: number }> {
		const cases = await this.sandbox.oroFromOutside.casesByTicket();
		const subjects = new Set((await this.sandbox.zendeskFromOutside.tickets()).map((ticket) => ticket.subject));
		return {
			tickets: this.written.slice(-TICKETS).filter(({ ticketId }) => !cases.has(ticketId)).length,
			cases: this.phoned.slice(-CASES).filter(({ subject }) => !subjects.has(subject)).length,
		};
	}

	/** Tickets, cases, records, contacts, people and comments: each that there should be, once. */
	private async expectAllOnce(): Promise<void> {
		const { zendeskFromOutside: zendesk, oroFromOutside: oro } = this.sandbox;
		const tickets = await zendesk.tickets();
		const cases = await oro.casesByTicket();
		expect(tickets.length).toBe(this.ticketsBefore + this.written.length + this.phoned.length);
		expect(tickets.filter(({ id }) => cases.get(id)?.length !== 1).map(({ id }) => ({ ticket: id, cases: cases.get(id)?.length ?? 0 }))).toEqual([]);

		for (const { caseId, subject } of this.phoned) {
			const published = tickets.filter((ticket) => ticket.external_id === `orocrm-case-${caseId}`);
			expect(published.map((ticket) => ticket.subject)).toEqual([subject]);
			expect(cases.get(published[0].id)?.[0].id).toBe(caseId);
		}

		const records = await oro.all('zendesktickets');
		expect(twice(records.map((row) => row.attributes?.originId))).toEqual([]);
		expect(records.length).toBe(tickets.length);
		expect(twice(records.map((row) => idOf(row, 'relatedCase')))).toEqual([]);
		expect(twice((await oro.all('cases')).map((row) => row.attributes?.externalId).filter(Boolean))).toEqual([]);
		expect(twice((await oro.all('zendeskusers')).map((row) => row.attributes?.originId))).toEqual([]);
		const contacts = await oro.all('contacts');
		for (const { email } of this.written) expect({ email, contacts: contacts.filter((row) => row.attributes?.primaryEmail === email).length }).toEqual({ email, contacts: 1 });
		expect(contacts.length).toBe(this.contactsBefore + this.written.length);

		await this.expectEditsArrived(tickets, cases);
		await this.expectCommentsOnce(cases);
	}

	private async expectEditsArrived(tickets: Array<{ id: number; subject: string | null }>, cases: Map<number, Array<{ subject: string }>>): Promise<void> {
		// The last edit of a case is the one that counts.
		for (const [ticketId, subject] of new Map(this.edited.map((edit) => [edit.ticketId, edit.subject]))) {
			expect(tickets.find(({ id }) => id === ticketId)?.subject).toBe(subject);
			expect(cases.get(ticketId)?.[0].subject).toBe(subject);
		}
	}

	private async expectCommentsOnce(cases: Map<number, Array<{ id: string; comments: string[] }>>): Promise<void> {
		const rows = await this.sandbox.oroFromOutside.all('zendeskticketcomments');
		expect(twice(rows.map((row) => row.attributes?.originId))).toEqual([]);
		expect(twice(rows.map((row) => idOf(row, 'relatedComment')).filter(Boolean))).toEqual([]);
		const later = (ticketId: number) => this.edited.filter((edit) => edit.ticketId === ticketId).flatMap((edit) => [edit.inZendesk, edit.inOroCrm]);
		const expected = [
			...this.written.map(({ ticketId, comments }) => ({ ticketId, comments: [...comments, ...later(ticketId)] })),
			// The description of a published case is the first comment on both sides, too.
			...this.phoned.map(({ caseId, comments }) => ({ ticketId: [...cases].find(([, found]) => found.some(({ id }) => id === caseId))?.[0] as number, comments })),
		];
		const wrong = [];
		for (const { ticketId, comments } of expected) {
			const inTicket = (await this.sandbox.zendeskFromOutside.comments(ticketId)).map(({ body }) => body);
			const ofCase = cases.get(ticketId)?.[0].comments ?? [];
			if (differ(inTicket, comments)) wrong.push({ ticketId, inTicket, comments });
			if (differ(ofCase, comments)) wrong.push({ ticketId, ofCase, comments });
		}
		expect(wrong).toEqual([]);
	}

	/** Waits until each trigger has asked for changes once more, from now on. */
	private async bothTriggersLook(): Promise<void> {
		const since = Date.now();
		await eventually(async () => {
			const exports = this.sandbox.zendesk.calls.count(({ began, path }) => began > since && path.includes('/incremental/tickets/'));
			// The first request of a look at a stock OroCRM; nobody else asks for it.
			const changes = this.sandbox.orocrm.calls.count(({ began, path, query }) => began > since && path.endsWith('/zendesktickets') && 'filter[status][neq_or_null]' in query);
			expect({ exports: exports > 0, changes: changes > 0 }).toEqual({ exports: true, changes: true });
		}, LOOK_WITHIN);
	}

	private writes(): { zendesk: number; orocrm: number } {
		return {
			zendesk: this.sandbox.zendesk.calls.all().filter((call) => call.method !== 'GET' && call.path.startsWith('/api/')).length,
			orocrm: this.sandbox.orocrm.calls.all().filter((call) => call.effectiveMethod !== 'GET' && call.path !== '/oauth2-token').length,
		};
	}
}

/** Whether the texts are not those that are expected, each once, in any order. */
function differ(texts: string[], expected: string[]): boolean {
	return texts.length !== expected.length || expected.some((one) => texts.filter((text) => text.includes(one)).length !== 1);
}

function twice<Value>(values: Value[]): Value[] {
	return [...new Set(values.filter((value, place) => values.indexOf(value) !== place))];
}

async function noRunLasts(sandbox: TestSandbox): Promise<void> {
	await eventually(async () => {
		const { data } = await sandbox.n8n.client.request<{ data: unknown[] }>('GET', `/executions?workflowId=${WORKFLOW}&status=running`);
		expect(data).toEqual([]);
	}, 120_000);
}
