import { expectSame } from './compare';
import { closeAll, expectApiHeaders, putOrganization, start, type Practice } from './practice';
import { describeRecorded, recorded, type Recording } from './recordings';

afterEach(closeAll);

async function account(recording: Recording, rows: any[]): Promise<Practice> {
	const at = recording.source.recordedAt.includes('T') ? recording.source.recordedAt : '2023-10-08T00:00:00';
	const practice = await start(at);
	practice.store.organizations.clear();
	for (const row of rows) putOrganization(practice, row);
	return practice;
}

async function expectReplay(
	recording: Recording,
	practice: Practice,
	body: (actual: any) => any = (actual) => actual,
): Promise<void> {
	const reply = await practice.replay(recording);
	expectApiHeaders(reply, recording);
	expectSame(body(reply.body), recording.responseBody);
}

/** The recorded rows of a list that was cut, and the rest as copies with a name and id in between. */
function filled(recording: Recording, total: number): any[] {
	const rows = recording.responseBody.organizations as any[];
	const [, middle] = rows;
	const copies = Array.from({ length: total - rows.length }, (_unused, i) => ({
		...middle,
		id: middle.id + i + 1,
		name: `${middle.name} ${String(i).padStart(3, '0')}`,
	}));
	return [...rows, ...copies];
}

const cut = (rows: any[]) => [rows[0], rows[1], rows[rows.length - 1]];

describeRecorded('recorded organizations', () => {
	recorded('organizations.show.1', async (recording) => {
		await expectReplay(recording, await account(recording, [recording.responseBody.organization]));
	});
	recorded('organizations.update.1', async (recording) => {
		const { organization } = recording.responseBody;
		const practice = await account(recording, [
			{ ...organization, notes: null, external_id: null, updated_at: organization.created_at },
		]);
		practice.clock.set(organization.updated_at);
		await expectReplay(recording, practice);
	});
	recorded('organizations.search.1', async (recording) => {
		await expectReplay(
			recording,
			await account(recording, [
				...recording.responseBody.organizations,
				{ ...recording.responseBody.organizations[0], id: 1, external_id: 'other' },
			]),
		);
	});
	recorded(
		'organizations.autocomplete.1',
		async (recording) => await expectReplay(recording, await account(recording, [])),
	);
	for (const name of [
		'organizations.show.notfound.1',
		'organizations.update.notfound.1',
		'organizations.delete.notfound.1',
	]) {
		recorded(name, async (recording) => await expectReplay(recording, await account(recording, [])));
	}
	for (const [name, total] of [
		['organizations.list.cursor.1', 7],
		['organizations.list.cursor.2', 6],
	] as const) {
		recorded(name, async (recording) => {
			const practice = await account(recording, filled(recording, total));
			await expectReplay(recording, practice, (body) => ({ ...body, organizations: cut(body.organizations) }));
		});
	}
	recorded(
		'organizations.list.cursor.empty.1',
		async (recording) => await expectReplay(recording, await account(recording, [])),
	);
	recorded('organizations.list.offset.1', async (recording) => {
		const practice = await account(recording, filled(recording, 7));
		await expectReplay(recording, practice, (body) => ({ ...body, organizations: cut(body.organizations) }));
	});
	recorded('organizations.show_many.1', async (recording) => {
		const shown = recording.responseBody.organizations as any[];
		const others = recording.query.ids
			.split(',')
			.map(Number)
			.filter((id) => !shown.some((row) => row.id === id));
		const rows = [
			...shown,
			...others.map((id, i) => ({ ...shown[1], id, name: `${shown[1].name} ${String(i).padStart(3, '0')}` })),
		];
		const practice = await account(recording, rows);
		await expectReplay(recording, practice, (body) => ({ ...body, organizations: cut(body.organizations) }));
	});
});
