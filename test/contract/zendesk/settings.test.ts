import { expectSame } from './compare';
import { addTicketField } from '../../../sandbox/zendesk/account';
import { closeAll, expectApiHeaders, start, type Practice } from './practice';
import { describeRecorded, recorded, type Recording } from './recordings';

afterEach(closeAll);

async function expectReplay(recording: Recording, practice: Practice, tolerance: object = {}): Promise<void> {
	const reply = await practice.replay(recording);
	expectApiHeaders(reply, recording);
	if (recording.responseBody === null) expect(reply.text).toBe('');
	else expectSame(reply.body, recording.responseBody, tolerance);
}

const idIn = (recording: Recording) => Number(/\/(\d+)\.json$/.exec(recording.path)![1]);

describeRecorded('recorded settings: groups, brands, fields, statuses', () => {
	recorded('groups.list.cursor.1', async (recording) => {
		const practice = await start(recording.source.recordedAt);
		practice.store.groups.clear();
		for (const { url: _url, ...group } of [...recording.responseBody.groups].reverse())
			practice.store.groups.set(group.id, group);
		await expectReplay(recording, practice);
	});
	recorded('groups.delete.1', async (recording) => {
		const practice = await start(recording.source.recordedAt);
		const [group] = practice.store.groups.values();
		practice.store.groups.set(idIn(recording), { ...group, id: idIn(recording) });
		await expectReplay(recording, practice);
	});
	recorded(
		'groups.update.notfound.1',
		async (recording) => await expectReplay(recording, await start(recording.source.recordedAt)),
	);
	recorded('group_memberships.list.cursor.1', async (recording) => {
		const practice = await start(recording.source.recordedAt);
		practice.store.memberships.clear();
		for (const { url: _url, ...row } of recording.responseBody.group_memberships)
			practice.store.memberships.set(row.id, row);
		await expectReplay(recording, practice);
	});

	recorded('brands.show.1', async (recording) => {
		const practice = await start(recording.source.recordedAt);
		const { id, ticket_form_ids, name, subdomain, created_at } = recording.responseBody.brand;
		Object.assign(practice.store.account, {
			brand_id: id,
			ticket_form_id: ticket_form_ids[0],
			name,
			subdomain,
			created_at,
		});
		await expectReplay(recording, practice, { free: ['brand.updated_at'] });
	});

	recorded('custom_statuses.create.1', async (recording) => {
		const practice = await start(recording.responseBody.custom_status.created_at);
		await expectReplay(recording, practice, { free: ['custom_status.id', 'custom_status.url'] });
	});
	recorded('custom_statuses.update.1', async (recording) => {
		const { custom_status } = recording.responseBody;
		const practice = await start(custom_status.updated_at);
		const {
			url: _url,
			raw_agent_label: _1,
			raw_end_user_label: _2,
			raw_description: _3,
			raw_end_user_description: _4,
			...status
		} = custom_status;
		practice.store.customStatuses.set(status.id, { ...status, agent_label: 'agent', end_user_label: 'end' });
		await expectReplay(recording, practice);
	});

	recorded('ticket_fields.update.1', async (recording) => {
		const { ticket_field } = recording.responseBody;
		const practice = await start(ticket_field.updated_at);
		addTicketField(practice.store, { id: ticket_field.id, type: 'text', title: 'I AM A TEST' });
		await expectReplay(recording, practice);
	});
	recorded('ticket_fields.delete.1', async (recording) => {
		const practice = await start(recording.source.recordedAt);
		addTicketField(practice.store, { id: idIn(recording), type: 'text', title: 'I AM A TEST' });
		await expectReplay(recording, practice);
	});
	recorded(
		'ticket_fields.update.notfound.1',
		async (recording) => await expectReplay(recording, await start(recording.source.recordedAt)),
	);
	recorded('user_fields.update.1', async (recording) => {
		const { user_field } = recording.responseBody;
		const practice = await start(user_field.updated_at);
		const {
			url: _url,
			raw_title: _1,
			raw_description: _2,
			system: _3,
			regexp_for_validation: _4,
			...field
		} = user_field;
		practice.store.userFields.set(field.id, { ...field, title: 'i am test', description: 'test' });
		await expectReplay(recording, practice);
	});
});
