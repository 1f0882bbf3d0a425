import { isFailure } from '../../../pipeline/clients';
import type { Row } from '../../../sandbox/orocrm/schema/types';
import type { Ticket } from '../../../sandbox/zendesk/types';
import type { Pair } from '../../../sync/pair';
import type { ExportPosition } from '../../../zendesk/ticket-export';
import { readTicketExport } from '../../../zendesk/ticket-export';
import { pairsOf } from '../../../pipeline/ticket-pairs';
import { runPipeline } from '../../support/pipeline';
import { Killed } from '../../support/two-way-world';
import type { TwoWayWorld } from '../../support/two-way-world';
import type { Action } from './actions';

/** Plays a sequence in a world: the edits by hand, and the two triggers with their late acknowledgement. */
export class Play {
	private zendeskPosition: ExportPosition = { startTime: 0 };
	private comments = 0;
	readonly failures: Error[] = [];

	constructor(
		private readonly world: TwoWayWorld,
		private readonly cast: Cast,
		private readonly casesDue: CasesDue,
	) {}

	async run(actions: readonly Action[]): Promise<void> {
		for (const action of actions) await this.step(action);
	}

	private get tickets(): Ticket[] {
		return [...this.world.zendesk.store.tickets.values()].filter((ticket) => ticket.status !== 'deleted');
	}

	private get cases(): Row[] {
		return this.world.orocrm.store.all('cases');
	}

	private async step(action: Action): Promise<void> {
		const { world, cast } = this;
		const { zendesk, orocrm } = world;
		const pick = <T>(list: readonly T[], which: number): T | undefined => (list.length > 0 ? list[which % list.length] : undefined);
		switch (action.kind) {
			case 'wait':
				world.later(action.seconds);
				return;
			case 'look':
				await this.look(action);
				return;
			case 'new ticket':
				world.ticket({ requester_id: cast.requesters[action.requester], status: action.status, priority: action.priority } as never);
				return;
			case 'new case':
				world.newCase({ relatedContact: cast.contacts[action.contact], status: action.status, priority: action.priority });
				return;
			default:
		}
		const ticket = pick(this.tickets, action.which);
		const oroCase = pick(this.cases, action.which);
		const open = ticket && ticket.status !== 'closed' ? ticket : undefined;
		switch (action.kind) {
			case 'edit ticket':
				if (open) zendesk.store.updateTicket(open.id, action.changes as never);
				return;
			case 'edit case':
				if (oroCase) world.editCase(oroCase.id, action.changes);
				return;
			case 'assign ticket':
				if (open) zendesk.store.updateTicket(open.id, { assignee_id: action.agent === null ? null : cast.agents[action.agent] });
				return;
			case 'assign case':
				if (oroCase) world.editCase(oroCase.id, { assignedTo: cast.users[action.user] });
				return;
			case 'ask for somebody else':
				if (action.side === 'ticket' && open) zendesk.store.updateTicket(open.id, { requester_id: cast.requesters[action.person] });
				if (action.side === 'case' && oroCase) world.editCase(oroCase.id, { relatedContact: cast.contacts[action.person] });
				return;
			case 'comment on ticket':
				if (open) zendesk.store.addComment(open.id, { body: `ticket comment ${++this.comments}`, public: action.open, author_id: cast.agents[0] } as never);
				return;
			case 'comment on case':
				if (oroCase) world.commentOnCase(oroCase.id, `case comment ${++this.comments}`, { public: action.open, ...(action.by === 'contact' ? { contact: oroCase.relatedContact } : { owner: action.by === 'user' ? cast.users[0] : cast.users[3] }) });
				return;
			case 'close ticket':
				if (open) zendesk.store.updateTicket(open.id, { status: 'closed' });
				return;
			case 'delete ticket':
				if (ticket) zendesk.store.deleteTicket(ticket.id);
				return;
			case 'delete case':
				if (oroCase) orocrm.store.remove('cases', oroCase.id as number);
				return;
			case 'delete record': {
				const record = pick(orocrm.store.all('zendesktickets'), action.which);
				if (record) orocrm.store.remove('zendesktickets', record.id as number);
				return;
			}
		}
	}

	private async look({ trigger, dies, repeats }: Extract<Action, { kind: 'look' }>): Promise<void> {
		if (dies !== null) this.world.dieAfter(dies);
		const looks: Array<Promise<void>> = [];
		if (trigger !== 'orocrm') looks.push(this.lookAtTickets(repeats));
		if (trigger !== 'zendesk') looks.push(this.lookAtCases(repeats));
		const outcomes = await Promise.allSettled(looks);
		for (const outcome of outcomes) if (outcome.status === 'rejected' && !(outcome.reason instanceof Killed)) throw outcome.reason;
		if (dies !== null) {
			this.world.restart();
			this.casesDue.restart();
		}
	}

	/** One look of the Zendesk trigger: the cursor moves when the run ended well, and not when the batch is to come again. */
	private async lookAtTickets(repeats: boolean): Promise<void> {
		const page = await readTicketExport(this.world.clients.zendesk, this.zendeskPosition, 1000);
		if (page.tickets.length > 0) await this.handle(pairsOf(page.tickets, page.users));
		if (!repeats && page.afterCursor) this.zendeskPosition = { cursor: page.afterCursor };
	}

	private async lookAtCases(repeats: boolean): Promise<void> {
		for (;;) {
			const { pairs, more, acknowledge } = await this.casesDue.look();
			if (pairs.length > 0) await this.handle(pairs);
			if (repeats) return;
			acknowledge();
			if (!more) return;
		}
	}

	private async handle(pairs: readonly Pair[]): Promise<void> {
		for (const outcome of await runPipeline(pairs, this.world.clients, this.world.syncOptions)) if (isFailure(outcome)) this.failures.push(outcome.error);
	}

	/** Nobody edits any more: both triggers look until there is nothing new, with time for Zendesk's held-back minute. */
	async settle(): Promise<void> {
		this.failures.length = 0;
		for (let round = 0; round < 6; round++) {
			this.world.later(130).resetCounts();
			await this.lookAtTickets(false);
			await this.lookAtCases(false);
			const { zendesk, orocrm } = this.world.writes();
			if (zendesk.length + orocrm.length === 0 && round >= 1) return;
		}
		throw new Error(`After six quiet rounds there was still something to write: ${JSON.stringify(this.world.writes())}`);
	}

	/** One more round, with everything handed out again. */
	async everythingAgain(): Promise<void> {
		this.world.later(130).resetCounts();
		this.zendeskPosition = { startTime: 0 };
		await this.lookAtTickets(false);
		await this.handle(this.world.pairsOfCases(...this.cases.filter((one) => this.world.orocrm.store.all('zendesktickets').some((record) => record.relatedCase === one.id))));
	}
}

/** The people of a world: the same three on both sides, and a user whom Zendesk doesn't know. */
export interface Cast {
	requesters: number[];
	contacts: unknown[];
	agents: number[];
	users: unknown[];
}

export function castOf(world: TwoWayWorld): Cast {
	const names = ['Anna', 'Ben', 'Cleo'];
	const agents = names.map((name) => world.agent(`${name} Agent`).id);
	world.agent('Default Agent');
	const users = [...names.map((name) => world.oroUser(name, `${name.toLowerCase()}.agent@desk.example`).id), world.oroUser('Stranger', 'stranger@crm.example').id];
	const customers = ['Mia', 'Noa', 'Ola'];
	return { agents, users, requesters: customers.map((name) => world.person(name).id), contacts: customers.map((name) => world.contact(name, `${name.toLowerCase()}@customer.example`).id) };
}

/** Which cases the OroCRM trigger would hand out. */
export interface CasesDue {
	look(): Promise<{ pairs: Pair[]; more: boolean; acknowledge: () => void }>;
	restart(): void;
}
