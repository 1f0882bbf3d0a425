import { ApiError } from '../http/api-error';
import { describeRequest } from '../http/describe';
import type { HttpRequest, Send } from '../http/request';
import type { RetryPolicy } from '../http/retry';
import type { Time } from '../http/time';
import type { RateBudget } from './rate-budget';
import { ZendeskTransport } from './transport';
import type { Conduct } from './transport';
import type { TicketAudit, TicketCreation, TicketUpdate, WrittenTicket, ZendeskTicket, ZendeskUser } from './types';

/**
 * All that two-way sync writes to Zendesk; one-way sync never has one. After a write whose end isn't known it throws an `ApiError`,
 * without a status when no answer came: the caller looks first what became of it. Only an upload, which harms nobody when it happens
 * twice, and what Zendesk refused before any work are sent again here.
 */
export class ZendeskWriter {
	private readonly transport: ZendeskTransport;

	constructor(
		/** From `zendeskBaseUrl`. */
		readonly baseUrl: string,
		send: Send,
		time: Time,
		budget?: RateBudget,
		policy?: RetryPolicy,
	) {
		this.transport = new ZendeskTransport(baseUrl, send, time, budget, policy);
	}

	/**
	 * Makes a ticket. Zendesk remembers the key for two hours and answers a repetition with the same ticket (zendesk-api.md §9);
	 * with other values under the same key it refuses, see `isIdempotencyMismatch`. Not repeated after a lost answer all the same: whether
	 * a request that ended in a 5xx is remembered isn't known, so the caller looks first.
	 *
	 * @param idempotencyKey at most 255 characters, plain ASCII
	 */
	async createTicket(ticket: TicketCreation, idempotencyKey: string): Promise<WrittenTicket> {
		const request = this.jsonRequest('POST', 'tickets.json', { ticket });
		request.headers['Idempotency-Key'] = idempotencyKey;
		return await this.ticketAndAudit(request, { countedAs: 'account', safeToRepeat: false });
	}

	/**
	 * Changes a ticket, if it is still as it was read; otherwise a 409, see `isUpdateConflict`. The answer is the ticket before
	 * Zendesk's own triggers have run to their end, and its audit may be another one's (zendesk-api.md §8).
	 *
	 * @param updatedStamp `updated_at` of the ticket as it was read
	 */
	async updateTicket(id: number, changes: TicketUpdate, updatedStamp: string): Promise<WrittenTicket> {
		const request = this.jsonRequest('PUT', `tickets/${id}.json`, { ticket: { ...changes, safe_update: true, updated_stamp: updatedStamp } });
		return await this.ticketAndAudit(request, { countedAs: { ticket: id }, safeToRepeat: false });
	}

	/** Makes an end user, without a mail that asks to verify the address. An address that is in use is a 422, see `isDuplicateUser`. */
	async createUser({ name, email }: { name: string; email: string }): Promise<ZendeskUser> {
		const request = this.jsonRequest('POST', 'users.json', { user: { name, email, skip_verify_email: true } });
		return await this.one(request, { countedAs: 'account', safeToRepeat: false }, 'user');
	}

	/**
	 * Uploads a file and gives back the token by which a comment takes it, within the hour. One that no comment takes is gone after
	 * three days, so a repetition harms nobody (zendesk-api.md §14).
	 */
	async uploadFile(name: string, mimeType: string, bytes: Buffer): Promise<string> {
		const request: HttpRequest = {
			method: 'POST',
			url: this.transport.address('uploads.json', { filename: name }),
			headers: { Accept: 'application/json', 'Content-Type': contentType(mimeType) },
			body: bytes,
		};
		return (await this.one<{ token: string }>(request, { countedAs: 'account', safeToRepeat: true }, 'upload')).token;
	}

	private jsonRequest(method: 'POST' | 'PUT', path: string, body: object): HttpRequest {
		return { method, url: this.transport.address(path), headers: { Accept: 'application/json', 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
	}

	private async ticketAndAudit(request: HttpRequest, conduct: Conduct): Promise<WrittenTicket> {
		const body = await this.transport.json<Record<string, unknown>>(request, conduct);
		const ticket = this.named<ZendeskTicket>(body, request, 'ticket');
		return { ticket, ...(body.audit ? { audit: body.audit as TicketAudit } : {}) };
	}

	/** The one object of an answer, which stands under its own name. */
	private async one<T>(request: HttpRequest, conduct: Conduct, name: string): Promise<T> {
		return this.named<T>(await this.transport.json<Record<string, unknown>>(request, conduct), request, name);
	}

	private named<T>(body: Record<string, unknown>, request: HttpRequest, name: string): T {
		const found = body[name];
		if (typeof found === 'object' && found !== null) return found as T;
		throw new ApiError('Zendesk', describeRequest(request), undefined, `answered without the ${name}`, 'Check the address in the Zendesk credential: a proxy may answer there.');
	}
}

/** n8n reads bytes that are called a form as one, and what is no media type is no header. */
function contentType(mimeType: string): string {
	const isUsable = /^[\w.+-]+\/[\w.+-]+(?:; ?[\w-]+=[\w.-]+)?$/.test(mimeType) && !mimeType.includes('form');
	return isUsable ? mimeType : 'application/octet-stream';
}
