import { randomInt } from 'node:crypto';
import { caseKey } from '../../sync/case-key';
import type { Flat } from './oro-server';

const RUNS = 500_000_000;
const FIRST_TICKET = 1_000_000_000_000;
const TICKETS_A_RUN = 1_000;
const FIRST_ID = 100_000_000_000_000;
const IDS_A_RUN = 1_000_000;

/**
 * How a run's records are told from all others: a mark in every subject, text, e-mail and external id, a Zendesk host that nobody
 * has, and numbers of its own. All of it follows from the mark, so that a later run can remove what an earlier one left behind.
 */
export class Marks {
	/** E.g. `live-0f3k9a`. */
	readonly text: string;
	/** The host that the practice Zendesk's tickets name. `.invalid` never exists (RFC 2606). */
	readonly host: string;
	readonly firstTicket: number;
	readonly firstId: number;
	/** Zendesk numbers of a real account, known as they are made. */
	private readonly people = new Set<string>();
	private readonly comments = new Set<string>();
	private readonly caseKeys = new Set<string>();

	constructor(text?: string) {
		const digits = /^live-([0-9a-z]{6})$/.exec(text ?? '')?.[1];
		if (text && !digits) throw new Error(`"${text}" is no mark of a run: it looks like live-0f3k9a.`);
		const run = digits ? Number.parseInt(digits, 36) : randomInt(RUNS);
		this.text = `live-${run.toString(36).padStart(6, '0')}`;
		this.host = `${this.text}.invalid`;
		this.firstTicket = FIRST_TICKET + run * TICKETS_A_RUN;
		this.firstId = FIRST_ID + run * IDS_A_RUN;
	}

	addPerson(id: number): void {
		this.people.add(String(id));
	}

	addComment(id: number): void {
		this.comments.add(String(id));
	}

	addTicket(host: string, id: number): void {
		this.caseKeys.add(caseKey(host, id));
	}

	isTicketRecord(row: Flat): boolean {
		return this.isAddress(row.url) || this.isIn(row.externalId, row.subject);
	}

	isCase(row: Flat): boolean {
		const key = String(row.externalId ?? '');
		return this.isIn(row.subject) || this.caseKeys.has(key) || key.startsWith(caseKey(this.host, 1).slice(0, -1));
	}

	isCommentRow(row: Flat): boolean {
		return this.isOwnId(row.originId) || this.comments.has(String(row.originId));
	}

	isZendeskUser(row: Flat): boolean {
		return (
			this.isOwnId(row.originId) ||
			this.people.has(String(row.originId)) ||
			this.isAddress(row.url) ||
			this.isIn(row.email, row.externalId, row.name)
		);
	}

	isContact(row: Flat): boolean {
		return this.isIn(row.primaryEmail, row.firstName, row.lastName, JSON.stringify(row.emails ?? []));
	}

	isAccount(row: Flat): boolean {
		return this.isIn(row.name);
	}

	private isIn(...values: unknown[]): boolean {
		return values.some((value) => typeof value === 'string' && value.toLowerCase().includes(this.text));
	}

	private isAddress(url: unknown): boolean {
		return typeof url === 'string' && url.startsWith(`https://${this.host}/`);
	}

	private isOwnId(id: unknown): boolean {
		const number = Number(id);
		return number >= this.firstId && number < this.firstId + IDS_A_RUN;
	}
}
