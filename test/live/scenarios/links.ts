import type { Scenario } from '../scenario';
import { to } from '../oro-server';

/** Stored links between people: what OroCRM has now counts (sync-rules §2, §5). */
export const links: readonly Scenario[] = [
	{
		name: 'a person’s row that names another contact now',
		expected: 'the stored link counts, not the e-mail; nothing is made',
		run: async (stage) => {
			const requester = await stage.person('Max Moved');
			const first = await stage.ticket(requester);
			await stage.sync(first.id);
			const other = await stage.oro.make('contacts', { firstName: 'Other', lastName: stage.mark });
			const row = await stage.rowOf(requester);
			await stage.oro.change('zendeskusers', row.id, {}, { relatedContact: to('contacts', other.id) });
			const second = await stage.ticket(requester);
			await stage.sync(second.id);
			const { case: oroCase } = await stage.theOne(second.id);
			stage.check.fields('case', oroCase, { relatedContact: other.id });
			stage.check.fields('row', await stage.rowOf(requester), { relatedContact: other.id });
			return `contact ${String(oroCase.relatedContact)} by the stored link`;
		},
	},
	{
		name: 'a contact deleted in OroCRM',
		expected: 'resolved by e-mail again: one new contact, in the row and on the next case',
		channels: 'both',
		run: async (stage) => {
			const requester = await stage.person('Gus Gone');
			const first = await stage.ticket(requester);
			await stage.sync(first.id);
			const [old] = await stage.contactsWith(stage.email('gus'));
			await stage.oro.remove('contacts', [old.id]);
			stage.check.fields('row after the deletion', await stage.rowOf(requester), { relatedContact: null });
			const second = await stage.ticket(requester);
			await stage.sync(second.id);
			const contacts = await stage.contactsWith(stage.email('gus'));
			stage.check.same('contacts', contacts.length, 1);
			const { case: oroCase } = await stage.theOne(second.id);
			stage.check.fields('next case', oroCase, { relatedContact: contacts[0]?.id });
			stage.check.fields('row', await stage.rowOf(requester), { relatedContact: contacts[0]?.id });
			await stage.zendesk.addComment(first.id, { body: stage.marked('Still there?'), public: true, author: requester });
			await stage.sync(first.id);
			const earlier = await stage.theOne(first.id);
			stage.check.same('contacts in the end', (await stage.contactsWith(stage.email('gus'))).length, 1);
			return `contact ${old.id} → ${contacts.map(({ id }) => id).join(', ')}; the earlier case has ${String(earlier.case.relatedContact ?? 'none')}`;
		},
	},
];
