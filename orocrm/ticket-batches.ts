import { ApiError } from '../http/api-error';
import type { AdaptiveLimit } from '../http/adaptive-limit';
import type { Time } from '../http/time';
import { apart, fitting, forBatch, joined } from './joined-documents';
import type { JoinedDocument } from './joined-documents';
import type { ServerKnowledge } from './server-knowledge';
import type { OroDocument, Resource, WriteDocument } from './types';

/** The requests that batches are made of. */
export interface BatchRequests {
	createAlone(type: string, document: WriteDocument): Promise<OroDocument>;
	createTogether(type: string, document: JoinedDocument): Promise<BatchAnswer>;
	read(type: string, id: string): Promise<{ data: Resource } | undefined>;
}

/** 200: all was made. 202: nothing was, or not yet; the document then is the operation (orocrm-api.md §4.3, §9). */
export interface BatchAnswer {
	status: number;
	document: OroDocument;
}

interface Waiting {
	/** As it was given to us, for a request of its own. */
	alone: WriteDocument;
	/** As it stands in a batch. */
	together: WriteDocument;
	answer: (answer: OroDocument) => void;
	fail: (error: unknown) => void;
}

const TYPE = 'zendesktickets';
/** So many turns of the promise queue without another creation: those who come together came. Takes microseconds, and no timer. */
const QUIET_TURNS = 100;
/** How long an operation that OroCRM put off is waited for: so often, with such a pause in milliseconds. */
const LOOKS = 12;
const PAUSE = 5_000;

/**
 * Puts creations of ticket records that wait at the same moment into synchronous batches. To whoever creates, it is as if each had
 * been a request of its own.
 *
 * - A creation goes out as soon as there is room for a request; those that come while there is none wait together. One alone is a plain request.
 * - A batch is one transaction. When OroCRM refuses it, each half is tried again; what is left alone is a plain request and has its words.
 * - A batch without an answer is one for every creation in it; the next time each of them goes alone.
 * - Only on servers that are known to have the overlay, and a release with synchronous batches.
 */
export class TicketBatches {
	private queue: Waiting[] = [];
	private underWay = 0;
	private isGathering = false;
	/** Zendesk's numbers of those whose batch had no answer. */
	private readonly lost = new Set<string>();

	constructor(
		private readonly requests: BatchRequests,
		private readonly knowledge: ServerKnowledge,
		private readonly limit: AdaptiveLimit,
		private readonly time: Time,
	) {}

	get isUsable(): boolean {
		return batchesAreUsable(this.knowledge);
	}

	/** Creates a ticket record with all that is included. Errors are those of the single request. */
	async create(document: WriteDocument): Promise<OroDocument> {
		const together = this.isUsable && !this.lost.has(numberOf(document)) ? forBatch(document) : undefined;
		if (!together) return await this.requests.createAlone(TYPE, document);
		return await new Promise((answer, fail) => {
			this.queue.push({ alone: document, together, answer, fail });
			void this.gather();
		});
	}

	/** Waits for those that come in the same moment, then sends while there is room. */
	private async gather(): Promise<void> {
		if (this.isGathering) return;
		this.isGathering = true;
		for (let quiet = 0, seen = this.queue.length; quiet < QUIET_TURNS; quiet++) {
			await Promise.resolve();
			if (this.queue.length !== seen) [quiet, seen] = [0, this.queue.length];
		}
		this.isGathering = false;
		while (this.queue.length > 0 && this.underWay < this.limit.size) {
			const some = this.queue.splice(0, fitting(this.queue.map(({ together }) => together)));
			this.underWay++;
			void this.send(some).finally(() => {
				this.underWay--;
				if (this.queue.length > 0) void this.gather();
			});
		}
	}

	/** Settles each of them, and never rejects. Gives back how many went well. */
	private async send(some: readonly Waiting[]): Promise<number> {
		if (some.length === 1 || !this.isUsable) return await this.sendAlone(some);
		const documents = some.map(({ together }) => together);
		let refusal: 'refused' | 'unsupported';
		try {
			const { status, document } = await this.requests.createTogether(TYPE, joined(documents));
			const answers = status === 200 ? apart(documents, document) : undefined;
			if (answers) {
				some.forEach(({ answer }, index) => answer(answers[index]));
				return some.length;
			}
			if (status !== 202 || (await this.endOf(document)) !== 'failed') return this.lose(some, 'the answer to a batch does not say what was made');
			refusal = 'refused';
		} catch (error) {
			const verdict = verdictOf(error);
			if (verdict === 'lost') return this.lose(some, error instanceof ApiError ? error.words : String(error));
			if (verdict === 'everything') {
				for (const { fail } of some) fail(error);
				return 0;
			}
			refusal = verdict;
		}
		if (refusal === 'unsupported') {
			this.knowledge.batches = false;
			return await this.sendAlone(some);
		}
		const middle = Math.ceil(some.length / 2);
		const good = (await this.send(some.slice(0, middle))) + (await this.send(some.slice(middle)));
		// Refused together, and nobody was to blame: this server takes no batches of such records, so that asking again is waste.
		if (good === some.length) this.knowledge.batches = false;
		return good;
	}

	private async sendAlone(some: readonly Waiting[]): Promise<number> {
		const outcomes = await Promise.all(
			some.map(async ({ alone, answer, fail }) => {
				try {
					answer(await this.requests.createAlone(TYPE, alone));
					return true;
				} catch (error) {
					fail(error);
					return false;
				}
			}),
		);
		return outcomes.filter(Boolean).length;
	}

	private lose(some: readonly Waiting[], words: string): number {
		for (const { alone, fail } of some) {
			this.lost.add(numberOf(alone));
			fail(new ApiError('OroCRM', `PATCH ${TYPE}, ${some.length} together`, undefined, words, 'Check that OroCRM and its message queue consumer are up. The sync tries again by itself.'));
		}
		return 0;
	}

	/** How an operation ended; one that was put off is waited for, for it may still be carried out. Then no further batch is tried. */
	private async endOf(answer: OroDocument): Promise<string> {
		const operation = answer.data && !Array.isArray(answer.data) ? answer.data : undefined;
		let status = String(operation?.attributes?.status ?? '');
		if (!operation || (status !== 'new' && status !== 'running')) return status;
		this.knowledge.batches = false;
		for (let look = 0; look < LOOKS && (status === 'new' || status === 'running'); look++) {
			await this.time.sleep(PAUSE);
			try {
				status = String((await this.requests.read('asyncoperations', operation.id))?.data.attributes?.status ?? '');
			} catch {
				// The looks at the records themselves say what is the matter.
				return 'unknown';
			}
		}
		return 'put off';
	}
}

/**
 * Whether batches are worth a try. The overlay's batch comes with its filters; `externalId` shows a release that knows `X-Mode: sync`:
 * an older one would work the batch off later (orocrm-api.md §4.3). So nothing is asked of a server that has none.
 */
export function batchesAreUsable(knowledge: ServerKnowledge): boolean {
	return knowledge.batches !== false && knowledge.originIdFilter === true && knowledge.caseKeys === true;
}

function verdictOf(error: unknown): 'unsupported' | 'refused' | 'lost' | 'everything' {
	if (!(error instanceof ApiError)) return 'everything';
	const { status, code } = error;
	if (status === 405) return 'unsupported';
	if (status === undefined) return 'lost';
	// OroCRM's own words in a 500 mean a value that doesn't fit: somebody's value.
	if (status === 500 && code !== '') return 'refused';
	if (status >= 500 && status !== 503) return 'lost';
	return error.concernsEverything ? 'everything' : 'refused';
}

function numberOf(document: WriteDocument): string {
	return String(document.data.attributes?.originId);
}
