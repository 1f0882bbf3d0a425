import { readCurrentOroUser } from '../../../orocrm/people';
import { type Flat, to } from '../oro-server';
import { eventually } from '../real-time';
import { NotRun, type Scenario } from '../scenario';
import type { Stage } from '../stage';

/** The search index is filled by OroCRM's message queue, some seconds late. */
const INDEX_WAIT = 90_000;

/** Who a ticket's people are in OroCRM (sync-rules §2). */
export const people: readonly Scenario[] = [
	{
		name: 'a contact by its primary e-mail',
		expected: 'the contact that is there, with its account; none is made',
		run: async (stage) => {
			const contact = await existing(stage, [stage.email('primary')]);
			const account = await stage.oro.make('accounts', { name: stage.marked('Live Company') });
			await stage.oro.change('accounts', account.id, {}, { contacts: [to('contacts', contact.id)] });
			return await takes(stage, contact, stage.email('primary'), { relatedAccount: account.id });
		},
	},
	{
		name: 'a contact by a second e-mail',
		expected: 'the contact that is there; none is made',
		run: async (stage) => {
			const contact = await existing(stage, [stage.email('office'), stage.email('private')]);
			return await takes(stage, contact, stage.email('private'));
		},
	},
	{
		name: 'a contact whose e-mail has other capitals',
		expected: 'the contact that is there; none is made',
		run: async (stage) => {
			const contact = await existing(stage, [stage.email('Capital').replace('live', 'Live')]);
			await untilIndexed(stage, stage.email('capital'), contact.id);
			return await takes(stage, contact, stage.email('capital'));
		},
	},
	{
		name: 'several contacts with one e-mail',
		expected: 'the one whose primary e-mail it is, then the oldest',
		run: async (stage) => {
			const email = stage.email('shared');
			await existing(stage, [stage.email('other'), email]);
			const oldest = await existing(stage, [email]);
			await existing(stage, [email]);
			return await takes(stage, oldest, email, {}, 3);
		},
	},
	{
		name: 'a requester without an e-mail',
		expected: 'a contact each, tied by the Zendesk number, never merged',
		channels: 'both',
		run: withoutEmail,
	},
	{
		name: 'the name of a new contact',
		expected: 'prefix, first, middle, last name and suffix; one word is both names',
		run: names,
	},
	{
		name: 'an agent with an OroCRM user',
		expected: 'the case is assigned to that user, the row names it, no contact',
		practiceOnly: true,
		run: async (stage) => {
			const { colleague } = stage.run.facts;
			if (!colleague) throw new NotRun('OroCRM has only one user who can log in');
			return await assigned(stage, String(colleague.email), colleague.id);
		},
	},
	{
		name: 'an agent without an OroCRM user',
		expected: 'the case is assigned to the owner, the row names the owner',
		practiceOnly: true,
		run: async (stage) => await assigned(stage, stage.email('nobody'), stage.owner),
	},
	{
		name: 'no assignee',
		expected: 'the case is assigned to the owner',
		run: async (stage) => {
			const { id } = await stage.ticket(await stage.person('Una Unassigned'));
			await stage.sync(id);
			const { record, case: oroCase } = await stage.theOne(id);
			stage.check.fields('case', oroCase, { assignedTo: stage.owner });
			stage.check.fields('record', record, { assignee: null });
			return `assigned to ${String(oroCase.assignedTo)}`;
		},
	},
	{
		name: 'no contacts wanted',
		expected: 'a case without a contact, no contact made',
		run: async (stage) => {
			const { id } = await stage.ticket(await stage.person('Nick Nobody'));
			await stage.sync(id, { createMissingContacts: false });
			const { case: oroCase } = await stage.theOne(id);
			const contacts = await stage.contactsWith(stage.email('nick'));
			stage.check.fields('case', oroCase, { relatedContact: null });
			stage.check.same('contacts', contacts.length, 0);
			return `contact ${String(oroCase.relatedContact)}, ${contacts.length} made`;
		},
	},
	{
		name: 'the owner by /userprofile',
		expected: 'the user of the token',
		run: async (stage) => {
			const id = await readCurrentOroUser(stage.clients().oro);
			const profile = await stage.oro.single('userprofile');
			if (!profile) throw new NotRun('this OroCRM has no /userprofile');
			stage.check.same('user', id, profile.id);
			return `user ${id}, ${String(profile.email)}`;
		},
	},
];

async function existing(stage: Stage, emails: string[]): Promise<Flat> {
	return await stage.oro.make('contacts', {
		firstName: 'Present',
		lastName: 'Person',
		primaryEmail: emails[0],
		emails: emails.map((email) => ({ email })),
	});
}

/** Syncs a ticket of somebody with this e-mail, and looks whether the contact was taken. */
async function takes(
	stage: Stage,
	contact: Flat,
	email: string,
	onCase: Record<string, unknown> = {},
	contactsNow = 1,
): Promise<string> {
	const requester = await stage.person('Somebody Else', email);
	const { id } = await stage.ticket(requester);
	await stage.sync(id);
	const { case: oroCase } = await stage.theOne(id);
	stage.check.fields('case', oroCase, { relatedContact: contact.id, ...onCase });
	stage.check.fields('row', await stage.rowOf(requester), { relatedContact: contact.id });
	const holders = await stage.contactsWith(email);
	stage.check.same('contacts with the e-mail', holders.length, contactsNow);
	const now = await stage.oro.one('contacts', contact.id);
	stage.check.fields('contact', now, { firstName: 'Present', lastName: 'Person', primaryEmail: contact.primaryEmail });
	return `contact ${String(oroCase.relatedContact)} taken, ${holders.length} with this e-mail`;
}

async function untilIndexed(stage: Stage, email: string, contactId: string): Promise<void> {
	if (!stage.run.facts.search) throw new NotRun('this OroCRM has no search in its API');
	const found = await eventually(async () => {
		const rows = await stage.oro.query('contacts', {
			'filter[searchQuery]': `allText ~ "${email}"`,
			'page[size]': '500',
		});
		return rows.some(({ id }) => id === contactId) ? true : undefined;
	}, INDEX_WAIT);
	if (!found)
		throw new NotRun(
			`the search index does not know a new contact after ${INDEX_WAIT / 1000} seconds: is OroCRM’s message queue consumer running?`,
		);
}

async function withoutEmail(stage: Stage): Promise<string> {
	const name = `Caller ${stage.mark}`;
	const callers = [
		await stage.zendesk.addPerson({ name, email: null }),
		await stage.zendesk.addPerson({ name, email: null }),
	];
	const contacts: unknown[] = [];
	for (const caller of callers) {
		const { id } = await stage.ticket(caller);
		const later = await stage.ticket(caller);
		await stage.sync(id);
		await stage.sync(later.id);
		const first = await stage.theOne(id);
		const second = await stage.theOne(later.id);
		stage.check.that('contact', typeof first.case.relatedContact === 'string', 'a contact', first.case.relatedContact);
		stage.check.fields('second case of the same caller', second.case, { relatedContact: first.case.relatedContact });
		stage.check.fields('row', await stage.rowOf(caller), { relatedContact: first.case.relatedContact, email: null });
		const contact = await stage.oro.one('contacts', String(first.case.relatedContact));
		stage.check.fields('contact', contact, { firstName: 'Caller', lastName: stage.mark, primaryEmail: null });
		contacts.push(first.case.relatedContact);
	}
	stage.check.that('contacts', contacts[0] !== contacts[1], 'two', contacts);
	return `4 cases, contacts ${contacts.join(' and ')}`;
}

async function names(stage: Stage): Promise<string> {
	const expected: Array<[string, Record<string, unknown>]> = [
		[
			'Dr. Ann Marie Lee Jr.',
			{ namePrefix: 'Dr.', firstName: 'Ann', middleName: 'Marie', lastName: 'Lee', nameSuffix: 'Jr.' },
		],
		['Bo Berg', { namePrefix: null, firstName: 'Bo', middleName: null, lastName: 'Berg', nameSuffix: null }],
		['Cher', { namePrefix: null, firstName: 'Cher', middleName: null, lastName: 'Cher', nameSuffix: null }],
	];
	const seen: string[] = [];
	for (const [index, [name, parts]] of expected.entries()) {
		const email = stage.email(`name${index}`);
		const { id } = await stage.ticket(await stage.zendesk.addPerson({ name, email }));
		await stage.sync(id);
		const [contact] = await stage.contactsWith(email);
		stage.check.fields(name, contact, parts);
		seen.push(
			Object.keys(parts)
				.map((part) => contact?.[part] ?? '–')
				.join(' | '),
		);
	}
	return seen.join('; ');
}

async function assigned(stage: Stage, email: string, user: string): Promise<string> {
	const agent = await stage.zendesk.agent(email);
	const { id } = await stage.ticket(await stage.person('Ada Assigned'), { assignee: agent.id });
	const [result] = await stage.sync(id);
	const { case: oroCase, record } = await stage.theOne(id);
	const row = await stage.rowOf(agent.id);
	stage.check.fields('case', oroCase, { assignedTo: user, owner: stage.owner });
	stage.check.fields('record', record, { assignee: row.id });
	stage.check.fields('row', row, { relatedUser: user, relatedContact: null, role: 'agent' });
	stage.check.same('contacts of the agent', (await stage.contactsWith(email)).length, 0);
	const said = result.notes.some((note) => note.includes('has no OroCRM user'));
	stage.check.same('the result says that the owner stands in', said, user === stage.owner);
	return `assigned to ${String(oroCase.assignedTo)}, row ${row.id} names user ${String(row.relatedUser)}`;
}
