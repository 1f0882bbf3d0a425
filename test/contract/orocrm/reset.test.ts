import { ManualClock } from '../../../sandbox/common/clock';
import { newCase, newPair, start, stopAll } from './support/client';

/** Back to the beginning without a new server. */

afterEach(stopAll);

test('after a reset the installation is as just started, and gives the same answers again', async () => {
	const clock = new ManualClock();
	const { call, server } = await start({ clock, overlay: true, batchDelayMs: 20, webhookTypes: ['cases'] });
	const { store } = server;
	const ask = async () => {
		store.withoutEvents(() => store.insert('integrationchannels', { name: 'Zendesk', channelType: 'zendesk' }));
		const made = await call('POST', '/api/zendesktickets', newPair('1', { externalId: 'E-1' }));
		const found = await call('GET', '/api/cases?filter[searchText]=ticket');
		return { made: [made.status, made.body], found: found.body };
	};
	server.reset();
	const first = await ask();
	expect(first.made[0]).toBe(201);
	await call('PATCH', '/api/cases', { data: [newCase('late')] });
	store.refuse({ type: 'cases', field: 'subject', title: 't', detail: 'd' });
	server.access.deny({ type: 'cases' });
	server.faults.add({ effect: { kind: 'cut-before' } });
	server.settings.webApi = false;
	server.reset();
	await new Promise((resolve) => setTimeout(resolve, 40));
	expect([server.calls.count(), store.count('cases'), store.count('asyncoperations')]).toEqual([0, 0, 0]);
	expect(store.count('webhooktopics')).toBe(3);
	expect(await ask()).toEqual(first);
});

test('to the showcase, and to what was saved', async () => {
	const { call, server } = await start();
	const { store } = server;
	await call('POST', '/api/zendesktickets', newPair('1'));
	const saved = server.save();
	await call('PATCH', '/api/cases/1', { data: { type: 'cases', id: '1', attributes: { subject: 'changed' } } });
	await call('POST', '/api/cases', { data: newCase('more') });
	server.reset({ saved });
	expect(server.save()).toBe(saved);
	expect((await call('POST', '/api/zendesktickets', newPair('1'))).status).toBe(409);
	server.reset('showcase');
	expect(store.count('cases')).toBe(4);
	server.reset();
	expect([store.count('cases'), store.count('contacts'), store.count('users')]).toEqual([0, 0, 2]);
	expect((await call('POST', '/api/cases', { data: newCase('x') })).body.data.id).toBe('1');
});
