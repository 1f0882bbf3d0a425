import { expectSame } from './compare';
import { closeAll, expectApiHeaders, start, type Practice } from './practice';
import { describeRecorded, recorded, type Recording } from './recordings';

afterEach(closeAll);

/** Before 2024 a job did not name its type. */
const UNTYPED = { newer: ['job_type'] };
const ID = { free: ['job_status.id', 'job_status.url'] };

const typed = (recording: Recording) => (recording.responseBody.job_status.job_type === undefined ? UNTYPED : {});

/** Where a list was cut, the first item stands for those that are missing. */
function wholeList(recording: Recording, list: string): void {
	const request = recording.requestBody as any;
	const total = (recording.truncated as any)?.requestBody?.[list]?.originalLength as number | undefined;
	if (total) while (request[list].length < total) request[list].splice(2, 0, { ...request[list][0] });
}

describeRecorded('recorded bulk requests', () => {
	async function expectQueued(
		recording: Recording,
		prepare: (practice: Practice) => void = () => undefined,
	): Promise<void> {
		const practice = await start(recording.source.recordedAt.slice(0, 19), { limits: 'off' });
		prepare(practice);
		const reply = await practice.replay(recording);
		expect(reply.status).toBe(recording.status);
		expectSame(reply.body, recording.responseBody, { ...ID, ...typed(recording) });
		expect(reply.body.job_status.id).toMatch(/^V3-[0-9a-f]{32}$/);
	}

	recorded('tickets.create_many.1', async (recording) => await expectQueued(recording));
	recorded('tickets.destroy_many.1', async (recording) => {
		await expectQueued(recording, ({ store }) => {
			for (const { id } of (recording.requestBody as any).tickets) store.createTicket({ id });
		});
	});
	recorded('tickets.update_many.1', async (recording) => {
		wholeList(recording, 'tickets');
		await expectQueued(recording, ({ store }) => {
			for (const { id } of (recording.requestBody as any).tickets)
				if (!store.tickets.has(id)) store.createTicket({ id });
		});
	});
	recorded('organizations.create_many.1', async (recording) => {
		wholeList(recording, 'organizations');
		recording.source.recordedAt = '2023-10-08T00:00:00';
		await expectQueued(recording);
	});
	recorded('organizations.destroy_many.1', async (recording) => {
		recording.source.recordedAt = '2023-10-08T00:00:00';
		await expectQueued(recording);
	});

	for (const name of ['tickets.create_many.toomany.1', 'tickets.create_many.toomany.2']) {
		recorded(name, async (recording) => {
			wholeList(recording, 'tickets');
			const practice = await start(recording.source.recordedAt);
			const reply = await practice.replay(recording);
			expectApiHeaders(reply, recording);
			// 2018 said the same without max_count.
			expectSame(
				reply.body,
				recording.responseBody,
				recording.responseBody.max_count === undefined ? { newer: ['max_count'] } : {},
			);
		});
	}
});

describeRecorded('recorded job statuses', () => {
	/** Starts a job like the recorded one and asks for its status after this many milliseconds. */
	async function statusAfter(
		recording: Recording,
		milliseconds: number,
		begin: (practice: Practice) => Promise<{ body: any }>,
	): Promise<any> {
		const practice = await start(recording.source.recordedAt.slice(0, 19));
		const { body } = await begin(practice);
		practice.clock.advance(milliseconds);
		const reply = await practice.get(`/api/v2/job_statuses/${body.job_status.id}.json`);
		expectApiHeaders(reply, recording);
		return reply.body;
	}

	const many = (total: number, item: object) =>
		Array.from({ length: total }, (_unused, i) => ({
			...item,
			...('name' in item ? { name: `${(item as { name: string }).name} ${i}` } : {}),
		}));
	const createTickets = (total: number) => (practice: Practice) =>
		practice.send('POST', '/api/v2/tickets/create_many.json', {
			tickets: many(total, { subject: 'test', description: 'test' }),
		});
	const createUsers = (total: number) => (practice: Practice) =>
		practice.send('POST', '/api/v2/users/create_many.json', { users: many(total, { name: 'testUser' }) });
	const createOrganizations = (total: number) => (practice: Practice) =>
		practice.send('POST', '/api/v2/organizations/create_many.json', {
			organizations: many(total, { name: 'Organization' }),
		});

	recorded('job_statuses.queued.1', async (recording) => {
		expectSame(await statusAfter(recording, 0, createOrganizations(100)), recording.responseBody, {
			...ID,
			...UNTYPED,
		});
	});
	recorded('job_statuses.working.1', async (recording) => {
		expectSame(await statusAfter(recording, 200 + 19 * 20, createTickets(100)), recording.responseBody, {
			...ID,
			...UNTYPED,
		});
	});
	recorded('job_statuses.working.3', async (recording) => {
		expectSame(await statusAfter(recording, 200, createOrganizations(1)), recording.responseBody, {
			...ID,
			...UNTYPED,
		});
	});
	recorded('job_statuses.working.5', async (recording) => {
		expectSame(await statusAfter(recording, 200 + 53 * 20, createUsers(100)), recording.responseBody, {
			...ID,
			...UNTYPED,
		});
	});

	/** Results are compared by their kinds: a cut list keeps some of its rows. */
	function expectResults(body: any, recording: Recording, total: number): void {
		const { results, ...status } = body.job_status;
		const { results: wanted, ...wantedStatus } = recording.responseBody.job_status;
		const free = ['id', 'url', 'message'];
		expectSame(status, wantedStatus, { free, ...typed(recording) });
		expect(status.message).toMatch(/^Completed at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000$/);
		expect(results).toHaveLength(total);
		wanted.forEach((row: any, i: number) =>
			expectSame(results[i === 0 ? 0 : Math.min(i, total - 1)], row, {
				free: ['id', 'account_id', 'index', 'details'],
			}),
		);
	}

	recorded('job_statuses.completed.tickets_create.1', async (recording) => {
		const body = await statusAfter(recording, 60_000, createTickets(5));
		expectResults(body, recording, 5);
		const ids = body.job_status.results.map((row: any) => row.id);
		expect(ids).not.toEqual([...ids].sort((a: number, b: number) => a - b));
		expect(body.job_status.results.map((row: any) => row.index)).toEqual([0, 1, 2, 3, 4]);
	});
	recorded('job_statuses.completed.update.1', async (recording) => {
		const body = await statusAfter(recording, 60_000, async (practice) => {
			practice.store.createTicket({ id: 3862 });
			return await practice.send('PUT', '/api/v2/tickets/update_many.json', {
				tickets: [{ id: 3862, subject: 'other' }],
			});
		});
		expectResults(body, recording, 1);
	});
	recorded('job_statuses.completed.users_create.1', async (recording) => {
		expectResults(await statusAfter(recording, 60_000, createUsers(100)), recording, 100);
	});
	recorded('job_statuses.completed.orgs_update_failed.1', async (recording) => {
		const body = await statusAfter(recording, 60_000, async (practice) => {
			const ids: number[] = [];
			for (let i = 0; i < 100; i += 1) {
				const { body: made } = await practice.send('POST', '/api/v2/organizations.json', {
					organization: { name: `Organization ${i}` },
				});
				ids.push(made.organization.id);
			}
			return await practice.send('PUT', '/api/v2/organizations/update_many.json', {
				organizations: ids.map((id) => ({ id, name: 'the same' })),
			});
		});
		const failed = body.job_status.results.filter((row: any) => row.error);
		expect(failed).toHaveLength(99);
		const wanted = recording.responseBody.job_status.results;
		const done = body.job_status.results.find((row: any) => row.success);
		expectSame(done, wanted[0], { free: ['id'] });
		expectSame(failed[0], wanted[1], { free: ['index', 'id', 'details'] });
		expect(failed[0].details).toBe('Name:  the same has already been taken');
		expect(body.job_status.status).toBe(recording.responseBody.job_status.status);
		expect(body.job_status.progress).toBe(100);
	});
});
