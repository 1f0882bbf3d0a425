import fc from 'fast-check';
import type { Send } from '../../http/request';
import { toCase } from '../../orocrm/resources';
import { isFailure } from '../../pipeline/clients';
import type { Failure } from '../../pipeline/clients';
import type { Published } from '../../pipeline/publish-pairs';
import { pairsOf } from '../../pipeline/ticket-pairs';
import { startPracticeOroCrm } from '../../sandbox/orocrm/server';
import { startPracticeZendesk } from '../../sandbox/zendesk/server';
import { defaultTables } from '../../sync/field-maps';
import { htmlToText } from '../../sync/html-text';
import { mapPair } from '../../sync/map-pair';
import type { Pair } from '../../sync/pair';
import { planPair } from '../../sync/plan-pair';
import type { ReadyPair } from '../../sync/plan';
import { slimUser } from '../../zendesk/users';
import type { ZendeskComment, ZendeskTicket, ZendeskUser } from '../../zendesk/types';
import { hastyTime, practiceClients, runPipeline } from '../support/pipeline';
import { KEY, record, resolved, settings } from '../unit/support/examples';
import { odd, RECORDED } from './support/odd-records';

/** Recorded tickets, comments, people and cases with odd parts. A failure prints its seed and path; `FUZZ_SEED` plays it again. */

const SEED = process.env.FUZZ_SEED === undefined ? {} : { seed: Number(process.env.FUZZ_SEED) };
const [TICKET, COMMENT, USER, CASE] = [odd(RECORDED.ticket, ['id', 'updated_at']), odd(RECORDED.comment, ['id']), odd(RECORDED.user, ['id']), odd(RECORDED.case.attributes ?? {}, [])];

/** For the pipeline: a problem's number is a number. */
const WITH_NUMBERS = odd(RECORDED.ticket, ['id', 'updated_at']);

const PURE_RUNS = 5_500;

test(`${PURE_RUNS * 4} odd tickets, comments, people and cases through the rules: a request that can be sent, or an error of this one item`, () => {
	let records = 0;
	let requests = 0;
	fc.assert(
		fc.property(TICKET, COMMENT, USER, CASE, fc.boolean(), fc.boolean(), (ticket, comment, user, attributes, isKnown, twoWay) => {
			records += 4;
			// What no item's guard stands around: a throw here would take the whole batch along.
			const [pair] = pairsOf([ticket], [{ ...user, id: ticket.requester_id as number }]);
			const oroCase = toCase({ ...RECORDED.case, attributes });
			slimUser(user);
			const whole = { ...pair, ticket: { ...(pair.ticket as object), comments: [comment] } } as unknown as Pair;
			const known = isKnown ? { case: oroCase, record: record({ relatedCase: oroCase.id }) } : {};
			const ready = { ...whole, ...known, resolved: resolved() } as unknown as ReadyPair;
			ready.mapped = mapPair(ready, defaultTables, []) as ReadyPair['mapped'];
			const plan = planPair(ready, KEY, { ...settings, rules: { twoWay, winner: 'remote' } });
			if (!plan.write) return;
			requests += 1;
			const sent = JSON.stringify(plan.write.document);
			expect(JSON.parse(sent)).toStrictEqual(plan.write.document);
			// PostgreSQL takes neither.
			expect(/\\u0000|\\ud[89a-f][0-9a-f]{2}/i.test(sent)).toBe(false);
			// Text can't become a part of the request.
			expect((plan.write.document.included ?? []).filter(({ type }) => type === 'users')).toEqual([]);
		}),
		{ numRuns: PURE_RUNS, ...SEED },
	);
	expect(records).toBeGreaterThanOrEqual(20_000);
	expect(requests).toBeGreaterThan(PURE_RUNS / 3);
}, 120_000);

test('2,000 odd texts as HTML: a text in the end', () => {
	fc.assert(
		fc.property(COMMENT, (comment) => {
			expect(typeof htmlToText(String(comment.html_body))).toBe('string');
		}),
		{ numRuns: 2_000, ...SEED },
	);
});

/** Batches through the whole pipeline. */
const [BATCHES, SIZE] = [10, 50];

test(`${BATCHES * SIZE} of them through the whole pipeline: each is synced or a failed item, nothing is half-written, nothing doubled by a second run`, async () => {
	const sums = { synced: 0, failed: 0 };
	const batch = fc.tuple(...Array.from({ length: SIZE }, () => fc.tuple(WITH_NUMBERS, COMMENT, USER)));
	await fc.assert(
		fc.asyncProperty(batch, async (entries) => {
			const outcome = await throughThePipeline(entries);
			sums.synced += outcome.synced;
			sums.failed += outcome.failed;
		}),
		{ numRuns: BATCHES, ...SEED, endOnFailure: true },
	);
	expect(sums.synced + sums.failed).toBe(BATCHES * SIZE);
	// Most oddities are made to fit.
	expect(sums.synced).toBeGreaterThan((BATCHES * SIZE) / 2);
	process.stdout.write(`fuzzed through the pipeline: ${sums.synced} synced, ${sums.failed} failed items\n`);
}, 120_000);

async function throughThePipeline(entries: Array<[ZendeskTicket, ZendeskComment, ZendeskUser]>): Promise<{ synced: number; failed: number }> {
	const zendesk = await startPracticeZendesk({ limits: 'off' });
	const orocrm = await startPracticeOroCrm({ searchLagMs: 0 });
	try {
		const comments = new Map<string, ZendeskComment>();
		const tickets: ZendeskTicket[] = [];
		const users: ZendeskUser[] = [];
		entries.forEach(([ticket, comment, user], index) => {
			const { id } = zendesk.store.createTicket({ subject: `Ticket ${index}`, description: 'Words' });
			comments.set(String(id), { ...comment, id: 50_000 + index });
			// Recorded people are others than the practice account's: so both kinds of reference come up.
			users.push({ ...user, id: 60_000 + index });
			tickets.push({ ...ticket, id, ...('requester_id' in ticket ? { requester_id: 60_000 + index } : {}) });
		});
		const clients = await practiceClients({ zendesk, orocrm }, '/api', 'one', hastyTime, (send) => withComments(send, comments));
		const sync = async (): Promise<Array<Published | Failure>> => {
			const mapped = pairsOf(tickets, users);
			return await runPipeline(mapped, clients);
		};
		const first = await sync();
		expect(first).toHaveLength(entries.length);
		const failed = first.filter(isFailure);
		for (const { error } of failed) expect(error.message).not.toBe('');
		const { store } = orocrm;
		const expectWhole = () => {
			expect(store.count('zendesktickets')).toBe(entries.length - failed.length);
			expect(store.count('cases')).toBe(entries.length - failed.length);
			expect(new Set(store.all('zendesktickets').map((row) => row.relatedCase)).size).toBe(entries.length - failed.length);
			for (const row of store.all('zendeskticketcomments')) expect(store.get('casecomments', row.relatedComment as number)).toBeDefined();
			for (const row of store.all('casecomments')) expect(store.get('cases', row.case as number)).toBeDefined();
		};
		expectWhole();
		const before = { comments: store.count('casecomments'), contacts: store.count('contacts') };
		clients.knowledge.forgetRows();
		expect((await sync()).filter(isFailure)).toHaveLength(failed.length);
		expectWhole();
		expect({ comments: store.count('casecomments'), contacts: store.count('contacts') }).toEqual(before);
		return { synced: entries.length - failed.length, failed: failed.length };
	} finally {
		await Promise.all([zendesk.close(), orocrm.close()]);
	}
}

/** Zendesk's answers with the odd comment in the place of the ticket's own, and a file behind every address of one. */
function withComments(send: Send, comments: ReadonlyMap<string, ZendeskComment>): Send {
	return async (request) => {
		// The recorded comment has a file; its host is a made-up one.
		if (request.binary) return { status: 200, headers: { 'content-type': 'image/png' }, text: '', bytes: Buffer.from('png') };
		const answer = await send(request);
		const id = /\/api\/v2\/tickets\/(\d+)\/comments/.exec(request.url)?.[1];
		const comment = id === undefined ? undefined : comments.get(id);
		if (!comment || answer.status !== 200) return answer;
		return { ...answer, text: JSON.stringify({ ...(JSON.parse(answer.text) as object), comments: [comment] }) };
	};
}
