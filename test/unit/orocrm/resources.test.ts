import { toCase, toContact, toTicketRecord } from '../../../orocrm/resources';
import type { Resource } from '../../../orocrm/types';

/** Resources as no OroCRM should give them: what is no text and no id is nothing, and stops nobody. */

const odd = (attributes: Record<string, unknown>, relationships: Record<string, unknown> = {}): Resource => ({ type: 'x', id: '1', attributes, relationships: relationships as never });

test('an object or a list is no text', () => {
	expect(toCase(odd({ subject: { a: 1 }, description: ['x'] }))).toMatchObject({ subject: '', description: null });
	expect(toContact(odd({ firstName: 7, primaryEmail: {} }))).toMatchObject({ firstName: '7', primaryEmail: null });
});

test.each([[null], [{}], ['open'], [[null]], [{ id: null }], [{ id: 1 }]])('%j is no related record', (data) => {
	const oroCase = toCase(odd({}, { status: { data }, owner: null, priority: data }));
	expect([oroCase.status, oroCase.owner, oroCase.priority]).toEqual([null, null, null]);
});

test('a list of related records is without what is none', () => {
	const record = toTicketRecord(odd({}, { collaborators: { data: [null, {}, { type: 'zendeskusers', id: '3' }, 7] } }), new Map());
	expect(record.collaborators).toEqual(['3']);
});

test('addresses of a contact that are none are left out', () => {
	expect(toContact(odd({ emails: [null, {}, { email: {} }, { email: 'a@b.example' }] })).emails).toEqual(['a@b.example']);
});
