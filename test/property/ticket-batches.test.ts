import fc from 'fast-check';
import { AdaptiveLimit } from '../../http/adaptive-limit';
import { ApiError } from '../../http/api-error';
import type { OroCrmClient } from '../../orocrm/client';
import { apart, BATCH_LIMITS, fitting, forBatch, joined } from '../../orocrm/joined-documents';
import { ServerKnowledge } from '../../orocrm/server-knowledge';
import { TicketBatches } from '../../orocrm/ticket-batches';
import type { OroDocument, RelationshipData, Resource, WriteDocument } from '../../orocrm/types';
import { startPracticeOroCrm } from '../../sandbox/orocrm/server';
import type { PracticeOroCrm } from '../../sandbox/orocrm/server';
import { hastyTime } from '../support/pipeline';
import { practiceOroClient } from '../support/practice-orocrm';

/** A batch is to whoever creates as if each creation had been a request of its own. */

const KINDS = ['good', 'good', 'good', 'bad subject', 'bad person', 'number taken', 'comment taken', 'too long', 'no channel', 'same number again'] as const;
interface Wish {
	kind: (typeof KINDS)[number];
	comments: number;
	newPerson: boolean;
}
const wish: fc.Arbitrary<Wish> = fc.record({ kind: fc.constantFrom(...KINDS), comments: fc.integer({ min: 0, max: 6 }), newPerson: fc.boolean() });
const TAKEN = '900';

const to = (type: string, id: string) => ({ data: { type, id } });

/** A creation as the rules build it: case, people, comments and their rows, by the same names in each. */
function creation({ kind, comments, newPerson }: Wish, index: number): WriteDocument {
	const number = kind === 'number taken' ? TAKEN : kind === 'same number again' ? '777' : String(1_000 + index);
	const included: Resource[] = [
		{ type: 'cases', id: 'case', attributes: { subject: kind === 'bad subject' ? '' : `Case ${number}` }, relationships: { source: to('casesources', 'web'), status: to('casestatuses', 'open'), priority: to('casepriorities', 'normal'), owner: to('users', '1') } },
	];
	if (newPerson) included.push({ type: 'zendeskusers', id: 'row:1', attributes: { originId: String(5_000 + index), name: `Person ${index}` }, relationships: { channel: to('integrationchannels', '1') } });
	for (let comment = 0; comment < comments; comment++) {
		const origin = kind === 'comment taken' && comment === comments - 1 ? TAKEN : String(index * 100 + comment);
		included.push({ type: 'casecomments', id: `comment:${comment}`, attributes: { message: `Comment ${comment} of ${number}`, public: true }, relationships: { case: to('cases', 'case'), owner: to('users', '1') } });
		included.push({
			type: 'zendeskticketcomments',
			id: `comment-row:${comment}`,
			attributes: { originId: origin, body: 'x', public: true },
			relationships: { ticket: to('zendesktickets', 'ticket'), relatedComment: to('casecomments', `comment:${comment}`), channel: to('integrationchannels', '1') },
		});
	}
	const requester: Record<string, { data: RelationshipData }> = kind === 'bad person' ? { requester: to('zendeskusers', '99999') } : newPerson ? { requester: to('zendeskusers', 'row:1') } : {};
	return {
		data: {
			type: 'zendesktickets',
			id: 'ticket',
			attributes: { originId: number, subject: kind === 'too long' ? 'x'.repeat(300) : `Ticket ${number}` },
			relationships: { relatedCase: to('cases', 'case'), ...requester, ...(kind === 'no channel' ? {} : { channel: to('integrationchannels', '1') }) },
		},
		included,
	};
}

const running: PracticeOroCrm[] = [];
afterEach(async () => await Promise.all(running.splice(0).map(async (server) => await server.close())));

async function world(): Promise<{ server: PracticeOroCrm; client: OroCrmClient }> {
	const server = await startPracticeOroCrm({ overlay: true, searchLagMs: 0 });
	running.push(server);
	server.store.insert('integrationchannels', { name: 'Zendesk', channelType: 'zendesk', enabled: false });
	const client = await practiceOroClient(server);
	await client.create('zendesktickets', creation({ kind: 'number taken', comments: 0, newPerson: false }, 0));
	const other = creation({ kind: 'comment taken', comments: 1, newPerson: false }, 800);
	await client.create('zendesktickets', other);
	return { server, client };
}

/** What the caller learns, without ids: they depend on the order. */
async function outcomeOf(work: Promise<OroDocument>): Promise<unknown> {
	try {
		const { data, included = [] } = await work;
		const primary = data as Resource;
		return { number: primary.attributes?.originId, meta: primary.meta, included: included.map(({ type, meta, attributes }) => [type, meta?.includeId, attributes?.message ?? attributes?.originId ?? attributes?.subject]) };
	} catch (error) {
		if (!(error instanceof ApiError)) throw error;
		const { request, status, words, pointers, code, advice } = error;
		return { request, status, words, pointers, code, advice };
	}
}

/** All records by what they say, and whom they belong to. */
function stateOf({ store }: PracticeOroCrm): unknown {
	const caseOf = (id: unknown) => store.get('cases', Number(id))?.subject;
	const records = [...store.all('zendesktickets')].map((row) => [row.originId, row.subject, row.channel, caseOf(row.relatedCase), store.get('zendeskusers', Number(row.requester))?.name]);
	const comments = [...store.all('casecomments')].map((row) => [row.message, caseOf(row.case)]);
	const rows = [...store.all('zendeskticketcomments')].map((row) => [row.originId, store.get('zendesktickets', Number(row.ticket))?.originId, store.get('casecomments', Number(row.relatedComment))?.message]);
	const people = [...store.all('zendeskusers')].map((row) => row.name);
	return [records, comments, rows, people, [...store.all('cases')].map((row) => row.subject)].map((list) => list.map((entry) => JSON.stringify(entry)).sort());
}

test('good, bad and conflicting creations: same outcome for each caller, same records, as one by one', async () => {
	let batched = 0;
	await fc.assert(
		fc.asyncProperty(fc.array(wish, { minLength: 1, maxLength: 25 }), async (wishes) => {
			const documents = wishes.map(creation);
			const [single, together] = [await world(), await world()];
			const expected: unknown[] = [];
			// Those without a channel go alone, at once: they are in nobody's way.
			for (const document of documents) expected.push(await outcomeOf(single.client.create('zendesktickets', structuredClone(document))));

			const knowledge = Object.assign(new ServerKnowledge(0), { originIdFilter: true, caseKeys: true });
			together.client.limit = new AdaptiveLimit(() => 0, { least: 1, most: 1 });
			together.client.batches = new TicketBatches(together.client, knowledge, together.client.limit, hastyTime);
			const outcomes = await Promise.all(documents.map(async (document) => await outcomeOf(together.client.create('zendesktickets', document))));
			batched += together.server.calls.all().filter((call) => call.method === 'PATCH' && call.path.endsWith('/zendesktickets')).length;

			expect(outcomes).toEqual(expected);
			expect(stateOf(together.server)).toEqual(stateOf(single.server));
			await Promise.all(running.splice(0).map(async (server) => await server.close()));
		}),
		{ numRuns: 40 },
	);
	expect(batched).toBeGreaterThan(40);
}, 240_000);

test('joined and taken apart: each part gets its own back, by its own names, and nothing of another', () => {
	fc.assert(
		fc.property(fc.array(wish, { minLength: 1, maxLength: 20 }), (wishes) => {
			const documents = wishes.map((one, index) => forBatch(creation({ ...one, kind: 'good' }, index)) as WriteDocument);
			const some = documents.slice(0, fitting(documents));
			const document = joined(some);
			const sent = [...document.data, ...(document.included ?? [])].map(({ type, id }) => `${type} ${id}`);
			expect(new Set(sent).size).toBe(sent.length);
			expect(document.included?.length ?? 0).toBeLessThanOrEqual(BATCH_LIMITS.included);
			const answer: OroDocument = {
				data: document.data.map((resource, index) => ({ ...resource, id: String(index), meta: { dataId: resource.id } })),
				// In any order.
				included: (document.included ?? []).map((resource, index) => ({ type: resource.type, id: String(index), attributes: resource.attributes, meta: { includeId: resource.id } })).reverse(),
			};
			const answers = apart(some, answer);
			some.forEach((one, index) => {
				expect((answers?.[index].data as Resource).id).toBe(String(index));
				expect(answers?.[index].included?.map(({ meta, attributes }) => [meta?.includeId, attributes])).toEqual(one.included?.map(({ id, attributes }) => [id, attributes]));
			});
			// One record that is not accounted for, and the whole answer says nothing certain.
			expect(apart(some, { ...answer, included: answer.included?.slice(1) })).toBeUndefined();
			expect(apart(some, { ...answer, data: (answer.data as Resource[]).slice(1) })).toBeUndefined();
		}),
	);
});
