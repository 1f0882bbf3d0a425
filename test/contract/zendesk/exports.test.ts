import { expectSame } from './compare';
import { closeAll, expectApiHeaders, putTicket, putUser, start, type Practice } from './practice';
import { describeRecorded, recorded, type Recording } from './recordings';

afterEach(closeAll);

const TICKET_SECOND = (ticket: any) => ticket.generated_timestamp as number;
const USER_SECOND = (user: any) => Math.floor(Date.parse(user.updated_at) / 1000);

/** An account in which there is nothing but what the test puts in. */
async function empty(recording: Recording): Promise<Practice> {
	const practice = await start(recording.source.recordedAt);
	practice.store.userExport.remove(practice.store.account.api_user_id);
	return practice;
}

/** A truncated recording keeps the first and the last rows: rows in between are copies of the one before the gap. */
function rowsOf(recording: Recording, list: string): any[] {
	const kept = (recording.truncated as any)?.responseBody?.[list] as
		| { originalLength: number; keptIndexes: number[] }
		| undefined;
	const rows = recording.responseBody[list] as any[];
	if (!kept) return rows;
	const last = Math.max(...rows.map((row) => row.id));
	return Array.from({ length: kept.originalLength }, (_unused, index) => {
		const place = kept.keptIndexes.indexOf(index);
		if (place >= 0) return rows[place];
		return {
			...rows[kept.keptIndexes.filter((keptIndex) => keptIndex < index).length - 1],
			id: last + index,
			external_id: null,
			email: null,
		};
	});
}

/** Only the recorded rows of an answer that had more. */
function kept(recording: Recording, list: string, rows: any[]): any[] {
	const indexes = (recording.truncated as any)?.responseBody?.[list]?.keptIndexes as number[] | undefined;
	return indexes ? indexes.map((index) => rows[index]) : rows;
}

async function expectExport(recording: Recording, list: 'tickets' | 'users'): Promise<void> {
	const practice = await empty(recording);
	for (const row of rowsOf(recording, list)) {
		if (list === 'tickets') putTicket(practice, row);
		else putUser(practice, row);
	}
	const reply = await practice.replay(recording);
	expectApiHeaders(reply, recording);
	const body = { ...reply.body, [list]: kept(recording, list, reply.body[list]) };
	expectSame(body, recording.responseBody, {
		ignored: ['users.*.two_factor_auth_enabled', 'users.*.shared_phone_number'],
	});
}

describeRecorded('recorded ticket exports', () => {
	for (const name of [
		'incremental.tickets.cursor.3',
		'incremental.tickets.cursor.4',
		'incremental.tickets.cursor.empty.1',
		'incremental.tickets.time.1',
		'incremental.tickets.time.4',
		'incremental.tickets.time.empty.1',
	]) {
		recorded(name, async (recording) => await expectExport(recording, 'tickets'));
	}

	test('a page of one row goes on with the next id of the same second', async () => {
		const practice = await start();
		for (const id of [5, 3, 9]) practice.store.createTicket({ id });
		const first = await practice.get('/api/v2/incremental/tickets/cursor.json', { start_time: '0', per_page: '2' });
		expect(first.body.tickets.map((row: any) => row.id)).toEqual([3, 5]);
		const second = await practice.get('/api/v2/incremental/tickets/cursor.json', {
			cursor: first.body.after_cursor,
			per_page: '2',
		});
		expect(second.body.tickets.map((row: any) => row.id)).toEqual([9]);
		expect(second.body.end_of_stream).toBe(true);
		expect(TICKET_SECOND(second.body.tickets[0])).toBe(Math.floor(practice.clock.now().getTime() / 1000));
	});
});

describeRecorded('recorded user exports', () => {
	for (const name of [
		'incremental.users.cursor.1',
		'incremental.users.cursor.3',
		'incremental.users.cursor.empty.1',
		'incremental.users.time.1',
		'incremental.users.time.2',
		'incremental.users.time.3',
		'incremental.users.time.4',
		'incremental.users.time.empty.1',
	]) {
		recorded(name, async (recording) => await expectExport(recording, 'users'));
	}

	recorded('incremental.users.ratelimited.1', async (recording) => {
		// Ten seconds before the full minute, as recorded.
		const practice = await start('2023-09-10T00:38:50Z');
		for (let i = 0; i < 10; i += 1) expect((await practice.get(recording.path, recording.query)).status).toBe(200);
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		expect(reply.headers['retry-after']).toBe(recording.responseHeaders['retry-after']);
		expect(Number(reply.headers['x-rate-limit-remaining'])).toBeGreaterThan(0);
		expectSame(reply.body, recording.responseBody);
		expect(practice.limitBreaches()).toBe(1);
		practice.clock.advance(10_000);
		expect((await practice.get(recording.path, recording.query)).status).toBe(200);
	});

	test('users are in the order of their last change', async () => {
		const practice = await start();
		const reply = await practice.get('/api/v2/incremental/users.json', { start_time: '0' });
		const seconds = reply.body.users.map(USER_SECOND);
		expect(seconds).toEqual([...seconds].sort((a: number, b: number) => a - b));
	});
});
