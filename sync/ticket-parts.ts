import type { CaseComment } from '../orocrm/types';
import type { SentBase, TicketChanges } from './merge-pair';
import type { Change } from './pair';
import type { TicketWrite } from './plan';

/** What Zendesk refused of a ticket's change, by the names of the parts: `status`, `requester_id`, `360001`, `comment 12`; `all` for any write at all. */
export type RefusedParts = ReadonlySet<string>;

export const ALL_PARTS = 'all';

/** Keys of the request whose name in {@link SentBase} and in the result is another one. */
const FIELD_OF: Record<string, keyof SentBase> = { assignee_id: 'assignee', requester_id: 'requester' };

/**
 * The next request to Zendesk: what changed, with the first of the new comments; null when there is nothing to send.
 *
 * @param refused present when Zendesk refused a request as a whole: then each part goes out by itself, and what was refused alone stays behind
 */
export function nextTicketWrite(changes: TicketChanges, fields: readonly Change[], comments: readonly CaseComment[], refused?: RefusedParts): TicketWrite | null {
	if (refused?.has(ALL_PARTS)) return null;
	const outgoing = comments.filter((comment) => !refused?.has(commentPart(comment)));
	const [comment = null] = outgoing;
	const [first = [], ...others] = outgoing.map(({ id }): Change[] => [{ field: 'comment', side: 'ticket', from: null, to: id }]);
	if (!refused) return comment || hasChanges(changes) ? { changes, comment, fields: [...fields, ...first], further: others.flat() } : null;
	const part = partsOf(changes, fields).find(({ name }) => !refused.has(name));
	if (part) return { changes: part.changes, comment: null, fields: part.fields, further: [...first, ...others.flat()] };
	return comment ? { changes: { attributes: {}, newRequester: null, sent: {}, fields: {} }, comment, fields: first, further: others.flat() } : null;
}

/** The names of the parts of a request. */
export function partNames(write: TicketWrite): string[] {
	return [...partsOf(write.changes, write.fields).map(({ name }) => name), ...(write.comment ? [commentPart(write.comment)] : [])];
}

function commentPart(comment: CaseComment): string {
	return `comment ${comment.id}`;
}

function hasChanges({ attributes, newRequester }: TicketChanges): boolean {
	return Object.keys(attributes).length > 0 || newRequester !== null;
}

/** Each field of a change by itself. */
function partsOf(changes: TicketChanges, fields: readonly Change[]): Array<{ name: string; changes: TicketChanges; fields: Change[] }> {
	const { custom_fields: custom, ...attributes } = changes.attributes;
	const part = (name: string, field: string, own: Partial<TicketChanges>) => ({
		name,
		changes: { attributes: {}, newRequester: null, sent: pick(changes.sent, field), fields: pick(changes.fields, field), ...own },
		fields: fields.filter((change) => change.field === field),
	});
	return [
		...Object.entries(attributes).map(([name, value]) => part(name, FIELD_OF[name] ?? name, { attributes: { [name]: value } })),
		...(Array.isArray(custom) ? custom : []).map((entry: { id: number }) => part(String(entry.id), String(entry.id), { attributes: { custom_fields: [entry] } })),
		...(changes.newRequester ? [part('requester_id', 'requester', { newRequester: changes.newRequester })] : []),
	];
}

function pick<T extends object>(from: T, name: string): T {
	return Object.fromEntries(Object.entries(from).filter(([key]) => key === name)) as T;
}
