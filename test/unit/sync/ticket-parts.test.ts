import type { CaseComment } from '../../../orocrm/types';
import type { TicketChanges } from '../../../sync/merge-pair';
import type { Change } from '../../../sync/pair';
import { nextTicketWrite, partNames } from '../../../sync/ticket-parts';

const comment = (id: string): CaseComment => ({ id, message: id, public: true, case: '1', contact: null, owner: null, createdAt: null, attachment: null }) as unknown as CaseComment;
const change = (field: string): Change => ({ field, side: 'ticket', from: null, to: 1 });
const changes: TicketChanges = {
	attributes: { subject: 'New', assignee_id: 5, custom_fields: [{ id: 7, value: 'a' }, { id: 8, value: 'b' }] },
	newRequester: { name: 'Joe', email: 'joe@customer.example' },
	sent: { subject: 'New', assignee: { zendesk: 5, user: '2' }, requester: { zendesk: null, contact: '3' } },
	fields: { 7: 'a', 8: 'b' },
};
const fields = ['subject', 'assignee', '7', '8', 'requester'].map(change);
const comments = [comment('1'), comment('2')];

test('as a rule everything goes in one request, with the first comment', () => {
	const write = nextTicketWrite(changes, fields, comments);
	expect(write).toMatchObject({ changes, comment: { id: '1' }, further: [{ field: 'comment', to: '2' }] });
	expect(partNames(write!)).toEqual(['subject', 'assignee_id', '7', '8', 'requester_id', 'comment 1']);
});

test('after a refusal each part goes by itself, with what it stands for, and what was refused stays behind', () => {
	const refused = new Set<string>();
	const seen: Array<[string[], object, string[]]> = [];
	for (;;) {
		const write = nextTicketWrite(changes, fields, comments, refused);
		if (!write) break;
		expect(partNames(write)).toHaveLength(1);
		seen.push([partNames(write), write.changes.sent, write.fields.map(({ field }) => field)]);
		refused.add(partNames(write)[0]);
	}
	expect(seen).toEqual([
		[['subject'], { subject: 'New' }, ['subject']],
		[['assignee_id'], { assignee: { zendesk: 5, user: '2' } }, ['assignee']],
		[['7'], {}, ['7']],
		[['8'], {}, ['8']],
		[['requester_id'], { requester: { zendesk: null, contact: '3' } }, ['requester']],
		[['comment 1'], {}, ['comment']],
		[['comment 2'], {}, ['comment']],
	]);
});

test('nothing to send is no request, nor is a ticket that takes no write at all', () => {
	expect(nextTicketWrite({ attributes: {}, newRequester: null, sent: {}, fields: {} }, [], [])).toBeNull();
	expect(nextTicketWrite(changes, fields, comments, new Set(['all']))).toBeNull();
});
