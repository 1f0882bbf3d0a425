import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManualClock } from '../../../sandbox/common/clock';
import { newCase, newPair, start, stopAll, type Json } from './support/client';

afterEach(stopAll);

/** The table of filters.md, tried one by one as it was. */
const tried = readFileSync(join(__dirname, 'recordings', 'filters.md'), 'utf8')
	.split('\n')
	.map((line) => line.split('|').map((cell) => cell.trim()))
	.filter((cells) => cells.length === 6 && /^(200|400|-)$/.test(cells[3]!))
	.map(([, resource, field, filter, sort]) => ({ resource: resource!, field: field!, filter: filter!, sort: sort! }));

test('every filter and sorter that was tried answers as it did (filters.md)', async () => {
	expect(tried.length).toBeGreaterThan(55);
	const { call } = await start();
	const wrong: string[] = [];
	for (const { resource, field, filter, sort } of tried) {
		const value = field === 'searchQuery' ? 'subject ~ "x"' : /At$/.test(field) ? '2026-11-23' : '1';
		const filtered = await call('GET', `/api/${resource}?filter[${field}]=${encodeURIComponent(value)}`);
		if (filter !== '-' && String(filtered.status) !== filter) wrong.push(`filter ${resource} ${field}`);
		const sorted = await call('GET', `/api/${resource}?sort=${field}`);
		if (sort !== '-' && String(sorted.status) !== sort) wrong.push(`sort ${resource} ${field}`);
	}
	expect(wrong).toEqual([]);
});

test('filter errors come all at once and hide an error of the sorting (§1.5)', async () => {
	const { call } = await start();
	const { body } = await call('GET', '/api/cases?filter[subject]=a&foo=1&page[number]=0&filter[id]=aaa&sort=subject');
	expect(body.errors.map((error: Json) => error.source.parameter).sort()).toEqual([
		'filter[id]',
		'filter[subject]',
		'foo',
		'page[number]',
	]);
});

test('a list for a string association is one literal (§2.2)', async () => {
	const { call } = await start();
	await call('POST', '/api/cases', { data: newCase('x') });
	expect((await call('GET', '/api/cases?filter[status]=open,closed')).body.data).toEqual([]);
	expect((await call('GET', '/api/cases?filter[status][neq]=closed')).body.data).toHaveLength(1);
	expect((await call('GET', '/api/cases?filter[id]=1..3')).body.data).toHaveLength(1);
});

test('null and not null, equal and not equal (§2.2)', async () => {
	const { call } = await start();
	for (const externalId of [undefined, 'a', 'b'])
		await call('POST', '/api/cases', { data: newCase('x', externalId === undefined ? {} : { externalId }) });
	const ids = async (filter: string) => (await call('GET', `/api/cases?${filter}`)).body.data.map(({ id }: Json) => id);
	expect(await ids('filter[externalId][neq]=a')).toEqual(['3']);
	expect(await ids('filter[externalId][neq_or_null]=a')).toEqual(['1', '3']);
	expect(await ids('filter[externalId][exists]=yes')).toEqual(['2', '3']);
	expect(await ids('filter[externalId][exists]=0')).toEqual(['1']);
});

test('a GET by POST takes its filters from JSON or from a form (§9)', async () => {
	const { call, server } = await start();
	await call('POST', '/api/zendesktickets', newPair('1', { externalId: 'E-1' }));
	const override = { 'X-HTTP-Method-Override': 'GET' };
	const json = await call(
		'POST',
		'/api/zendesktickets',
		{ filter: { 'relatedCase.externalId': 'E-1,E-2' }, include: 'relatedCase' },
		override,
	);
	expect(json.body.included).toHaveLength(1);
	const form = await call('POST', '/api/cases', 'filter[externalId]=E-1&fields[cases]=subject', {
		...override,
		'Content-Type': 'application/x-www-form-urlencoded',
	});
	expect(form.body.data).toHaveLength(1);
	expect(server.calls.all().map(({ effectiveMethod }) => effectiveMethod)).toEqual(['POST', 'GET', 'GET']);
	expect(server.calls.reads()).toBe(2);
});

test('a request line over 8 KB is refused, as nginx does (§1.1)', async () => {
	const { server } = await start();
	const response = await fetch(`${server.url}/api/cases?filter[externalId]=${'x'.repeat(9000)}`);
	expect(response.status).toBe(414);
});

test('the search index lags behind (§9)', async () => {
	const clock = new ManualClock();
	const { call } = await start({ clock, searchLagMs: 2000 });
	const found = async () => (await call('GET', '/api/contacts?filter[searchText]=MARIA@example.com')).body.data.length;
	expect(await found()).toBe(0);
	await call('POST', '/api/contacts', {
		data: { type: 'contacts', attributes: { primaryEmail: 'Maria@example.com' } },
	});
	expect(await found()).toBe(0);
	clock.advance(2000);
	expect(await found()).toBe(1);
});

test('to-many relationships are cut: 1000 in 6.1, 100 in 5.1 (§2.1)', async () => {
	for (const [version, most] of [
		['6.1.11', 1000],
		['5.1', 100],
	] as const) {
		const { call, server } = await start({ version });
		await call('POST', '/api/cases', { data: newCase('x') });
		for (let i = 0; i < 1001; i += 1) server.store.insert('casecomments', { case: 1, message: 'm', public: true });
		const { comments } = (await call('GET', '/api/cases/1')).body.data.relationships;
		expect(comments.data).toHaveLength(most);
		expect(comments.links.next).toBeDefined();
		const all = await call('GET', '/api/cases/1/comments?page[size]=-1', undefined, { 'X-Include': 'totalCount' });
		expect(all.headers.get('x-include-total-count')).toBe('1001');
	}
});

test('older releases (§2.2, §2.5, §5, §8)', async () => {
	const old = await start({ version: '5.1' });
	const made = await old.call('POST', '/api/cases', { data: newCase('x') });
	expect(made.body.data.attributes).not.toHaveProperty('externalId');
	expect((await old.call('GET', '/api/cases?filter[externalId]=1')).status).toBe(400);
	expect((await old.call('GET', '/api/cases?filter[id]>=2')).body.data).toEqual([]);
	expect((await old.call('GET', '/api/cases?filter[id][gt]=0&filter[id][lt]=1')).body.data).toEqual([]);
	expect((await old.call('GET', '/api/cases?filter[id][gt]=5&filter[id][lt]=9')).body.data).toHaveLength(1);
	expect((await old.call('GET', '/api/casestatuses?sort=order')).status).toBe(400);
	expect((await old.call('GET', '/api/webhooks')).status).toBe(404);
	for (const version of ['6.1.0', '7.0.0'] as const) {
		const { call } = await start({ version });
		expect((await call('GET', '/api/webhooktopics')).status).toBe(404);
		expect((await call('GET', '/api/cases?filter[externalId]=1')).status).toBe(400);
		expect((await call('GET', '/api/casestatuses?sort=order')).status).toBe(200);
		expect((await call('GET', '/api/cases?sort=relatedContact.lastName')).status).toBe(200);
	}
	const late = await start({ version: '7.0.2' });
	expect((await late.call('GET', '/api/cases?filter[externalId]=1')).status).toBe(200);
	expect((await late.call('GET', '/api/webhooks')).status).toBe(200);
});

test('the base path of OroCommerce, the Web API switched off, no links', async () => {
	const commerce = await start({ apiPath: '/admin/api', hateoas: false });
	expect((await commerce.call('GET', '/admin/api/cases')).body).toEqual({ data: [] });
	commerce.server.settings.webApi = false;
	expect((await commerce.call('GET', '/admin/api/cases')).status).toBe(404);
	const { call } = await start({ webApi: false });
	expect((await call('GET', '/api/cases')).status).toBe(404);
});

test('equal rows of a sort do not come in the order of their ids (§2.1)', async () => {
	const { call } = await start();
	for (let i = 0; i < 9; i += 1) await call('POST', '/api/cases', { data: newCase('x') });
	const ids = async (sort: string) =>
		(await call('GET', `/api/cases?sort=${sort}`)).body.data.map(({ id }: Json) => id);
	expect(await ids('status')).not.toEqual(await ids('status,id'));
});

test('userprofile is the user behind the token; attachments and subresources answer', async () => {
	const { call } = await start();
	expect((await call('GET', '/api/userprofile')).body.data.attributes.username).toBe('admin');
	await call('POST', '/api/cases', { data: newCase('x') });
	expect((await call('GET', '/api/cases/1/status')).body.data.id).toBe('open');
	expect((await call('GET', '/api/cases/1/relatedContact')).body.data).toBeNull();
	expect((await call('GET', '/api/cases/1/nosuch')).status).toBe(404);
	expect((await call('OPTIONS', '/api/cases/1')).headers.get('allow')).toBe('OPTIONS, GET, PATCH, DELETE');
});

test('names that JavaScript knows are unknown names here', async () => {
	const { call } = await start();
	const first = await call('GET', '/api/cases?filter[constructor]=1&filter[__proto__.id]=1&sort=toString');
	expect(first.status).toBe(400);
	expect((await call('GET', '/api/cases?sort=constructor')).status).toBe(400);
	expect((await call('GET', '/api/cases?include=__proto__.status,constructor')).status).toBe(200);
	expect(({} as Record<string, unknown>).status).toBeUndefined();
	const made = await call('POST', '/api/cases', { data: newCase('x', { constructor: 1 }) });
	expect(made.body.errors[0].detail).toBe('This form should not contain extra fields: "constructor".');
	expect((await call('GET', '/api/constructor')).status).toBe(404);
});
