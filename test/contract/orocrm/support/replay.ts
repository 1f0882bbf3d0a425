import { ManualClock } from '../../../../sandbox/common/clock';
import * as credentials from '../../../../sandbox/orocrm/credentials';
import type { PracticeOroCrm, PracticeOroCrmOptions } from '../../../../sandbox/orocrm/server';
import { startPracticeOroCrm } from '../../../../sandbox/orocrm/server';
import { objectsOf, type RecordedObject, type Recording } from './recording';
import { World } from './world';

/** What is special about a recording; most need nothing. */
export interface Situation {
	options?: PracticeOroCrmOptions;
	/** Brings the server into the state before the request. Runs after the records of the answer are there. */
	before?: (world: World, recording: Recording) => void;
	/** False: the records of the answer are not placed (a POST makes them itself). */
	placeAnswer?: boolean;
	/** Rows come in any order, or which ones is chance: status, headers and the shape of a row are compared. */
	anyRows?: boolean;
	/** The recording keeps this many rows only. */
	cut?: number;
	/** Parts of the body that the recorded installation had by chance. */
	ignore?: RegExp;
}

export interface Exchange {
	status: number;
	headers: Record<string, string>;
	body: unknown;
}

const ADDRESS = 'https://orocrm.example';

/** Rebuilds the situation, sends the recorded request and returns what the practice server says. */
export async function replay(recording: Recording, situation: Situation): Promise<Exchange> {
	const clock = new ManualClock(timeOf(recording));
	const overlay = recording.name.startsWith('overlay.');
	const server = await startPracticeOroCrm({ clock, overlay, searchLagMs: 0, ...situation.options });
	try {
		const world = new World(server.store, clock);
		server.store.withoutEvents(() => prepare(world, recording, situation));
		return await send(server, recording);
	} finally {
		await server.close();
	}
}

function prepare(world: World, recording: Recording, situation: Situation): void {
	const { method, body } = recording.request;
	if (!recording.name.includes('sales_rep')) world.store.remove('users', 2);
	world.next('users', 2);
	for (const target of identifiersIn(body)) if (/^\d+$/.test(target.id)) world.ensure(target);
	const objects = objectsOf(recording.response.body);
	const creates = method === 'POST' && recording.response.status === 201;
	for (const object of objects.filter(({ type }) => world.store.schema.has(type))) {
		const isNew = object.meta?.includeId !== undefined && !wasUpdate(recording, object);
		const made = situation.placeAnswer === false || isNew || (creates && object === objects[0]);
		if (made) world.next(object.type, world.id(object.type, object.id));
		else world.place(object);
	}
	situation.before?.(world, recording);
}

function wasUpdate(recording: Recording, object: RecordedObject): boolean {
	const sent = (recording.request.body as { included?: RecordedObject[] } | null)?.included ?? [];
	return sent.some((one) => one.type === object.type && one.id === object.id && one.meta?.update === true);
}

/** Numbers that a request names are records of the installation, unless the request itself brings them. */
function identifiersIn(body: unknown): Array<{ type: string; id: string }> {
	const objects = objectsOf(body);
	return objects.flatMap((object) =>
		Object.values(object.relationships ?? {}).flatMap(({ data }) => (Array.isArray(data) ? data : data ? [data] : [])),
	);
}

/** The moment of the recording: the newest date that its answer shows. */
function timeOf(recording: Recording): string {
	const body = JSON.stringify(recording.response.body ?? '');
	const dates = [...body.matchAll(/"(?:createdAt|updatedAt)":"([^"]+)"/g)].map((match) => match[1]!);
	return dates.sort().at(-1) ?? '2026-11-23T21:30:00Z';
}

export async function send(server: PracticeOroCrm, recording: Recording): Promise<Exchange> {
	const { method, path, headers, body } = recording.request;
	const text = typeof body === 'string' ? body : body === null || body === undefined ? undefined : JSON.stringify(body);
	const response = await fetch(server.url + path, {
		method,
		headers: { ...headersFor(server, recording), ...headers },
		...(text === undefined ? {} : { body: Buffer.from(filled(text)) }),
		redirect: 'manual',
	});
	const answer = (await response.text()).split(server.url).join(ADDRESS);
	const shown = Object.fromEntries(
		[...response.headers].map(([name, value]) => [name, value.split(server.url).join(ADDRESS)]),
	);
	return { status: response.status, headers: shown, body: answer === '' ? null : JSON.parse(answer) };
}

function headersFor(server: PracticeOroCrm, recording: Recording): Record<string, string> {
	if (recording.request.path.startsWith('/oauth2-token') || recording.name === 'oauth.no_token.1') return {};
	if (recording.name === 'oauth.bad_token.1') return { Authorization: 'Bearer nonsense' };
	const id = recording.name.includes('sales_rep')
		? credentials.PRACTICE_OROCRM_SALES_REP_CLIENT_ID
		: credentials.PRACTICE_OROCRM_CLIENT_ID;
	return { Authorization: `Bearer ${server.oauth.issueFor(id)}` };
}

function filled(text: string): string {
	return text
		.replace('CLIENT_ID', credentials.PRACTICE_OROCRM_CLIENT_ID)
		.replace('CLIENT_SECRET', credentials.PRACTICE_OROCRM_CLIENT_SECRET);
}
