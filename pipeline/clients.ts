import { AdaptiveLimit } from '../http/adaptive-limit';
import type { Time } from '../http/time';
import type { OroCrmClient } from '../orocrm/client';
import type { ServerKnowledge } from '../orocrm/server-knowledge';
import { TicketBatches } from '../orocrm/ticket-batches';
import type { Result } from '../sync/pair';
import type { ZendeskClient } from '../zendesk/client';
import type { ZendeskWriter } from '../zendesk/writer';

/** What the pipeline works with. Plain objects, so that it runs unchanged in n8n, in tests and in the bench. */
export interface Clients {
	/** Reads only: it has no way to send anything but GET. */
	zendesk: ZendeskClient;
	/** Only there when two-way sync is on: without it nothing can be written to Zendesk. */
	zendeskWriter?: ZendeskWriter;
	oro: OroCrmClient;
	knowledge: ServerKnowledge;
	time: Time;
}

/**
 * Makes the client ready for many writes at once: at most `most` requests to OroCRM are under way, fewer while it is slow, and new
 * ticket records go together where it allows that.
 */
export function writeFrugally({ oro, knowledge, time }: Clients, most: number): void {
	oro.limit = new AdaptiveLimit(() => time.now(), { least: 1, most: Math.max(1, most) });
	oro.batches = new TicketBatches(oro, knowledge, oro.limit, time);
}

/** A pair that can't be handled, and why: it leaves by the error output and doesn't hold up the others. */
export interface Failure {
	error: Error;
	/** Both sides' pages, as far as they are known. */
	links?: Result['links'];
}

export function isFailure<T extends object>(outcome: T | Failure): outcome is Failure {
	return 'error' in outcome && (outcome as Failure).error instanceof Error;
}
