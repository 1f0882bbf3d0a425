import { insertImportedTicket } from '../../sandbox/orocrm/server';
import type { OroVersion } from '../../sandbox/orocrm/version';
import { published } from '../support/n8n-harness';
import { closeAll, startActive } from '../support/practice';
import type { Practice } from '../support/practice';

/** Rows that OroCRM's own Zendesk integration made earlier: found and adopted, what it lost is filled in, nothing is doubled. */

afterEach(closeAll);

const SERVERS: Array<{ version: OroVersion; overlay: boolean }> = [
	{ version: '6.1.11', overlay: false },
	{ version: '6.1.11', overlay: true },
	{ version: '5.1', overlay: false },
];

describe.each(SERVERS)('OroCRM $version, overlay: $overlay', (orocrm) => {
	/** Maria's ticket with an answer of Anna, as OroCRM imported it; `lost` are the comments without a case comment. */
	async function imported(lost: 'rows and comments' | 'case comments' | 'nothing') {
		const practice = await startActive({ orocrm });
		const maria = practice.person('Maria Santos');
		const anna = practice.agent('Anna Keller');
		const contact = practice.contact('Maria', [maria.email ?? '']);
		const ticket = practice.ticket({ requester_id: maria.id, submitter_id: maria.id, assignee_id: anna.id });
		practice.zendesk.store.addComment(ticket.id, { body: 'We are on it.', author_id: anna.id });
		const { updated_at } = practice.zendesk.store.tickets.get(ticket.id)!;
		const comments = practice.zendesk.store.commentsOf(ticket.id).map((comment) => ({
			originId: String(comment.id),
			body: comment.body,
			public: comment.public,
			caseComment: lost !== 'case comments',
		}));
		const rows = insertImportedTicket(practice.orocrm.store, {
			originId: String(ticket.id),
			channel: practice.channel as number,
			subject: ticket.subject ?? '',
			description: ticket.description,
			status: ticket.status,
			originUpdatedAt: updated_at,
			requester: { originId: String(maria.id), name: maria.name, email: maria.email, relatedContact: contact.id },
			comments: lost === 'rows and comments' ? [] : comments,
		});
		return { practice, ticket, rows };
	}

	/** The ticket is tied to the imported rows, and everything of it is there once; a second sync writes nothing. */
	async function expectAdopted(
		practice: Practice,
		ticket: { id: number },
		rows: Awaited<ReturnType<typeof imported>>['rows'],
	): Promise<void> {
		expect(practice.recordOf(ticket).id).toBe(rows.record.id);
		expect(practice.caseOf(ticket).id).toBe(rows.case?.id);
		expect(practice.count('cases')).toBe(1);
		expect(practice.commentsOf(ticket).map((row) => row.message)).toEqual(['Smoke comes out of it.', 'We are on it.']);
		expect(practice.count('zendeskticketcomments')).toBe(2);
		expect(practice.all('zendeskticketcomments').map((row) => row.relatedComment)).toEqual(
			practice.commentsOf(ticket).map((row) => row.id),
		);
		expect(practice.count('contacts')).toBe(1);
		practice.resetCounts();
		await practice.n8n.restart();
		const [pair] = published(await practice.sync());
		expect(pair.result.outcome).toBe('unchanged');
		expect(practice.counts()).toMatchObject({ oroWrites: 0, comments: 0 });
	}

	test('comments that were lost with their rows are filled in', async () => {
		const { practice, ticket, rows } = await imported('rows and comments');
		await practice.sync();
		await expectAdopted(practice, ticket, rows);
	});

	test('comment rows without a case comment are given one', async () => {
		const { practice, ticket, rows } = await imported('case comments');
		await practice.sync();
		await expectAdopted(practice, ticket, rows);
	});

	test('case comments without a row are recognised by their text', async () => {
		const { practice, ticket, rows } = await imported('rows and comments');
		const { store } = practice.orocrm;
		for (const message of ['Smoke comes out of it.', 'We are on it.']) {
			store.insert('casecomments', {
				case: rows.case?.id,
				message,
				public: true,
				owner: 1,
				organization: 1,
				createdAt: store.now(),
				updatedAt: store.now(),
			});
		}
		await practice.sync();
		await expectAdopted(practice, ticket, rows);
	});

	test('a whole import stays as it is', async () => {
		const { practice, ticket, rows } = await imported('nothing');
		await practice.sync();
		await expectAdopted(practice, ticket, rows);
	});

	test('a problem link that was lost is filled in', async () => {
		const practice = await startActive({ orocrm });
		const problem = practice.ticket({ type: 'problem', subject: 'Server down' });
		const incident = practice.ticket({ type: 'incident', problem_id: problem.id, subject: 'No e-mail' });
		for (const ticket of [incident, problem]) {
			const comments = practice.zendesk.store
				.commentsOf(ticket.id)
				.map((comment) => ({ originId: String(comment.id), body: comment.body }));
			insertImportedTicket(practice.orocrm.store, {
				originId: String(ticket.id),
				channel: practice.channel as number,
				subject: ticket.subject ?? '',
				originUpdatedAt: ticket.updated_at,
				comments,
			});
		}
		await practice.sync();
		expect(practice.recordOf(incident).problem).toBe(practice.recordOf(problem).id);
		expect(practice.expectOneCaseEach([problem, incident])).toBe(2);
		expect(practice.count('casecomments')).toBe(2);
	});

	test('a local change of an imported case survives its adoption', async () => {
		const { practice, ticket, rows } = await imported('nothing');
		practice.orocrm.store.update('cases', rows.case!.id, { subject: 'Edited before the sync came' });
		practice.zendesk.store.addComment(ticket.id, { body: 'Done.' });
		await practice.sync();
		expect(practice.caseOf(ticket).subject).toBe('Edited before the sync came');
		expect(practice.commentsOf(ticket)).toHaveLength(3);
	});
});
