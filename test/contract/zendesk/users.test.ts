import { expectSame } from './compare';
import { actAs, closeAll, expectApiHeaders, putUser, start } from './practice';
import { describeRecorded, recorded, type Recording } from './recordings';

afterEach(closeAll);

const IGNORED = ['user.two_factor_auth_enabled', 'users.*.two_factor_auth_enabled'];

describeRecorded('recorded users', () => {
	recorded('users.create.1', async (recording) => {
		const practice = await start(recording.responseBody.user.created_at);
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		expect(reply.headers.location).toBe(reply.body.user.url);
		expectSame(reply.body, recording.responseBody, { free: ['user.id', 'user.url'] });
	});

	recorded('users.show.1', async (recording) => {
		const practice = await start(recording.source.recordedAt);
		putUser(practice, recording.responseBody.user);
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		expectSame(reply.body, recording.responseBody);
	});

	recorded('users.me.1', async (recording) => {
		const practice = await start(recording.source.recordedAt);
		const { user } = recording.responseBody;
		actAs(practice, { userId: user.id });
		putUser(practice, { ...user, email: 'sync.admin@example.com' });
		practice.store.actor().email = user.email;
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		expectSame(reply.body, recording.responseBody, { free: ['user.authenticity_token'] });
	});

	/** The recorded answer's user as it was before the recorded write. */
	async function expectWrite(recording: Recording, before: object): Promise<void> {
		const { user } = recording.responseBody;
		const practice = await start(user.updated_at);
		putUser(practice, { ...user, ...before });
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		expectSame(reply.body, recording.responseBody, { ignored: IGNORED });
	}
	recorded('users.update.2', async (recording) => await expectWrite(recording, { name: 'testUser' }));
	recorded('users.delete.1', async (recording) => await expectWrite(recording, { active: true }));

	for (const name of ['users.update.notfound.1', 'users.delete.notfound.1']) {
		recorded(name, async (recording) => {
			const reply = await (await start(recording.source.recordedAt)).replay(recording);
			expectApiHeaders(reply, recording);
			expectSame(reply.body, recording.responseBody);
		});
	}

	recorded('users.show_many.1', async (recording) => {
		// Three of a hundred are kept; the others are asked for as well.
		const practice = await start(recording.source.recordedAt);
		const { users } = recording.responseBody;
		for (const id of recording.query.ids.split(',')) putUser(practice, { ...users[0], id: Number(id) });
		for (const user of users) putUser(practice, user);
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		const rows = reply.body.users;
		expectSame({ ...reply.body, users: [rows[0], rows[1], rows[99]] }, recording.responseBody, { ignored: IGNORED });
	});

	recorded('users.list.cursor.2', async (recording) => {
		const practice = await start(recording.source.recordedAt);
		const [user] = recording.responseBody.users;
		putUser(practice, { ...user, id: user.id - 1_000_000_000, email: null });
		putUser(practice, user);
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		expectSame(reply.body, recording.responseBody, { ignored: IGNORED });
	});

	recorded('users.create_many.toomany.1', async (recording) => {
		const practice = await start(recording.source.recordedAt);
		recording.requestBody = { users: Array.from({ length: 150 }, () => (recording.requestBody as any).users[0]) };
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		expectSame(reply.body, recording.responseBody);
	});

	recorded('users.destroy_many.1', async (recording) => {
		const practice = await start(recording.source.recordedAt);
		for (const { id, name } of (recording.requestBody as any).users) putUser(practice, { id, name });
		const reply = await practice.replay(recording);
		expectApiHeaders(reply, recording);
		expectSame(reply.body, recording.responseBody, { free: ['job_status.id', 'job_status.url'] });
	});
});
