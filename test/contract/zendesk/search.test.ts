import { expectSame } from './compare';
import { closeAll, expectApiHeaders, putTicket, putUser, start } from './practice';
import { describeRecorded, recorded } from './recordings';

afterEach(closeAll);

/** The recorded host of the search exports. */
const HOST = 'https://z3n-sell-mrhandy-699517ac91.zendesk-staging.com';

const readCursor = (cursor: string) => JSON.parse(Buffer.from(cursor, 'base64').toString('utf8'));

describeRecorded('recorded searches', () => {
	recorded('search.list.1', async (recording) => {
		const practice = await start(recording.source.recordedAt);
		const { results, count } = recording.responseBody;
		for (const { result_type: _type, ...ticket } of results) putTicket(practice, ticket);
		const template = practice.store.tickets.get(results[0].id)!;
		for (let id = 1; practice.store.tickets.size < count; id += 1) practice.store.putTicket({ ...template, id });
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		expect(Object.keys(reply.body)).toEqual(Object.keys(recording.responseBody));
		expect(reply.body.count).toBe(count);
		const found = results.map((wanted: any) => reply.body.results.find((row: any) => row.id === wanted.id));
		const newer = ['custom_status_id', 'allow_attachments', 'from_messaging_channel'];
		expectSame(
			found.filter(Boolean),
			results.filter((_row: any, i: number) => found[i]),
			{ newer, older: ['satisfaction_probability'] },
		);
		expect(reply.body.results.every((row: any) => row.result_type === 'ticket')).toBe(true);
	});

	for (const name of ['search.export.1', 'search.export.2', 'search.export.3', 'search.export.4']) {
		recorded(name, async (recording) => {
			const cursor = recording.query['page[after]'];
			const { results, meta, links } = recording.responseBody;
			const wanted = readCursor(meta.after_cursor);
			const practice = await start(new Date(wanted.createdAt).toISOString(), { subdomainUrl: HOST });
			practice.store.users.clear();
			for (const user of results) putUser(practice, user);
			putUser(practice, {
				...results[results.length - 1],
				id: 1,
				email: null,
				created_at: '2023-09-15T00:00:00Z',
				...(name.endsWith('1') || name.endsWith('4') ? { created_at: '2020-01-01T00:00:00Z' } : {}),
			});
			// The API user itself was created before the searched time.
			putUser(practice, {
				id: practice.store.account.api_user_id,
				name: 'Sync Admin',
				email: 'sync.admin@example.com',
				role: 'admin',
				created_at: '2010-01-01T00:00:00Z',
			});
			const size = recording.query['page[size]'];
			if (results.length > 1) recording.query['page[size]'] = String(results.length);
			const reply = await practice.replay(recording);
			expectApiHeaders(reply, recording);
			expectSame(reply.body.results, results, { ignored: ['*.two_factor_auth_enabled'] });
			expect(Object.keys(reply.body)).toEqual(Object.keys(recording.responseBody));
			expect({ ...reply.body.meta, after_cursor: null }).toEqual({ ...meta, after_cursor: null });
			const given = readCursor(reply.body.meta.after_cursor);
			expect(Object.keys(given)).toEqual(Object.keys(wanted));
			expect(given.sortValues).toEqual(wanted.sortValues);
			const before = cursor ? readCursor(cursor).exportedThusFar : 0;
			expect(given.exportedThusFar).toBe(before + results.length);
			expect(reply.body.links.prev).toBe(links.prev);
			const plain = (address: string, after: string, pageSize: string) =>
				address.replace(encodeURIComponent(after), 'CURSOR').replace(`size%5D=${pageSize}`, 'size');
			expect(plain(reply.body.links.next, reply.body.meta.after_cursor, recording.query['page[size]'])).toBe(
				plain(links.next, meta.after_cursor, size),
			);
		});
	}
});
