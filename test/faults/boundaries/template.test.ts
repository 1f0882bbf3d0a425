import { letPass } from '../../support/virtual-time';
import { BatchFeed } from '../../../pipeline/batch-feed';
import type { FaultEffect } from '../../../sandbox/common/faults';
import { closeAll, startActive } from '../../support/practice';
import type { Practice, PracticeOptions } from '../../support/practice';
import { contentsOf, countsOf } from '../support/both-sides';

/** The shipped two-way template in n8n's own engine, killed at every request of a round, before and after; then n8n starts again. */

afterEach(closeAll);

const MUCH_LATER = 20 * 60_000;
const OPTIONS: PracticeOptions = { template: 'two-way', zendesk: { limits: 'off' }, twoWay: { cases: { publish: 'all' } } };

/** A linked pair with news on both sides, a new ticket and a new case, comments everywhere. */
async function somethingToDo(): Promise<Practice> {
	const practice = await startActive(OPTIONS);
	const { zendesk, orocrm } = practice;
	const anna = practice.agent('Anna Agent');
	const user = practice.oroUser('Anna', 'anna.agent@desk.example');
	const linked = practice.ticket({ subject: 'Linked', requester_id: practice.person('Mia').id, assignee_id: anna.id });
	await settle(practice);
	const now = orocrm.store.now();
	zendesk.store.updateTicket(linked.id, { subject: 'Linked, as Zendesk says', status: 'pending' });
	zendesk.store.addComment(linked.id, { body: 'ticket comment 1', public: false, author_id: anna.id } as never);
	const { id } = practice.caseOf(linked);
	orocrm.store.update('cases', id as number, { subject: 'Linked, as OroCRM says', priority: 'high', updatedAt: now });
	const comment = (of: unknown, message: string) => orocrm.store.insert('casecomments', { case: of, message, public: true, owner: user.id, organization: 1, createdAt: now, updatedAt: now });
	comment(id, 'case comment 1');
	practice.ticket({ subject: 'New in Zendesk', requester_id: practice.person('Pia').id });
	const contact = practice.contact('Sam', ['sam@customer.example']);
	const made = orocrm.store.insert('cases', { subject: 'New in OroCRM', description: 'Something is wrong.', source: 'other', status: 'open', priority: 'normal', assignedTo: user.id, relatedContact: contact.id, owner: 1, organization: 1, reportedAt: now, createdAt: now, updatedAt: null });
	comment(made.id, 'case comment 2');
	letPass(130_000);
	practice.resetCounts();
	return practice;
}

/** Both triggers look until nothing more is written. */
async function settle(practice: Practice): Promise<void> {
	for (let round = 1; round <= 8; round++) {
		practice.resetCounts();
		await practice.n8n.look(MUCH_LATER);
		const writes = [...practice.zendesk.calls.all(), ...practice.orocrm.calls.all()].filter((call) => call.effectiveMethod !== 'GET' && !call.path.includes('oauth'));
		if (round > 1 && writes.length === 0) return;
	}
	throw new Error('After eight rounds there was still something to write.');
}

/** Looks that have not ended: each waits for a server, or for the run that it started. */
const looks = new Set<Promise<void>>();
const tick = BatchFeed.prototype.tick;
BatchFeed.prototype.tick = function (this: BatchFeed<unknown>): Promise<void> {
	const look = tick.call(this).finally(() => looks.delete(look));
	looks.add(look);
	return look;
};

const SERVERS = ['zendesk', 'orocrm'] as const;

interface Point {
	server: (typeof SERVERS)[number];
	request: number;
	when: 'before' | 'after';
}

/** One look of both triggers, in which n8n is killed at a point. What is left of the dead process gets no answer any more. False when the look was over before. */
async function killedAt(practice: Practice, { server, request, when }: Point): Promise<boolean> {
	const { n8n } = practice;
	let reached = false;
	const runs: Array<Promise<unknown>> = [];
	let endedAfterDeath = 0;
	const run = n8n.run.bind(n8n);
	n8n.run = async (...args) => {
		const promise = run(...args).finally(() => (endedAfterDeath += reached ? 1 : 0));
		runs.push(promise);
		return await promise;
	};
	const gone: FaultEffect = { kind: 'cut-before' };
	const kill = () => {
		reached = true;
		n8n.kill();
		practice[server === 'zendesk' ? 'orocrm' : 'zendesk'].faults.add({ effect: gone });
	};
	const { faults } = practice[server];
	const here = { skip: request - 1, times: 1 };
	faults.add({ ...here, effect: { kind: 'meanwhile', when, work: kill } });
	// Nobody is there to hear this answer: it stands for a request that was not sent.
	faults.add({ ...here, effect: when === 'before' ? { kind: 'answer', status: 503 } : { kind: 'cut-after' } });
	faults.add({ skip: request, effect: gone });

	looks.clear();
	n8n.tick();
	while (!reached && looks.size > 0) await moment();
	if (reached) {
		// A look whose run died with its process never ends.
		do await Promise.allSettled(runs);
		while ((await moment(), looks.size > endedAfterDeath));
	}
	n8n.run = run;
	for (const name of SERVERS) practice[name].faults.clear();
	if (reached) await n8n.activate('init');
	return reached;
}

const moment = async () => await new Promise((resolve) => setTimeout(resolve, 2));

/** Before a request is as after the one before it, as a rule; `FAULT_POINTS=all` plays both. */
const WHEN: Array<Point['when']> = process.env.FAULT_POINTS === 'all' ? ['before', 'after'] : ['after'];

/** A round that nothing disturbs. */
async function undisturbed() {
	const practice = await somethingToDo();
	const requests = { zendesk: 0, orocrm: 0 };
	for (const name of SERVERS) practice[name].faults.add({ effect: { kind: 'meanwhile', when: 'before', work: () => void (requests[name] += 1) } });
	const runs = await practice.n8n.look(1_000);
	expect(runs.map(({ status }) => status)).toEqual(['success', 'success']);
	for (const name of SERVERS) practice[name].faults.clear();
	await settle(practice);
	expect(countsOf(practice)).toEqual({ tickets: 3, cases: 3, 'ticket records': 3, contacts: 3, 'ticket comments': 6, 'case comments': 6, files: 0 });
	expect(practice.n8n.failedItems()).toEqual([]);
	return { requests, contents: contentsOf(practice) };
}

test('the two-way template: killed at every request of a look, then started again: nothing lost, nothing twice', async () => {
	const good = await undisturbed();
	await closeAll();
	const points = SERVERS.flatMap((server) => Array.from({ length: good.requests[server] }, (_, index) => WHEN.map((when): Point => ({ server, request: index + 1, when }))).flat());
	let reached = 0;
	for (const point of points) {
		const practice = await somethingToDo();
		if (await killedAt(practice, point)) reached += 1;
		await settle(practice);
		expect({ point, contents: contentsOf(practice), failed: practice.n8n.failedItems() }).toEqual({ point, contents: good.contents, failed: [] });
		practice.expectNobodyTwice();
		await closeAll();
	}
	// Both triggers look at once: who comes first decides whether a request more is made.
	expect(reached).toBeGreaterThanOrEqual(points.length * 0.9);
	process.stdout.write(`two-way template: ${good.requests.zendesk} + ${good.requests.orocrm} requests, n8n killed at ${reached} points\n`);
}, 1_200_000);
