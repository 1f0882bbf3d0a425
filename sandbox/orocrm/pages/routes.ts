import type { FastifyInstance, FastifyReply } from 'fastify';
import { acceptForms, formOf } from '../../common/form';
import type { LifecycleRules } from '../rules/lifecycle';
import type { Row } from '../schema/types';
import type { Store } from '../store/store';
import { addComment, createCase, FormError, saveCase } from './actions';
import { caseEditPage, caseNewPage } from './case-forms';
import { caseListPage } from './case-list';
import { caseViewPage } from './case-view';
import { contactListPage, contactViewPage } from './contact-pages';
import { html } from '../../common/html';
import { layout } from './layout';
import { ticketListPage } from './ticket-pages';

interface WithId {
	Params: { id: string };
}

/** The pages for people: cases, contacts, ticket records; editing and commenting as in OroCRM's own screens. */
export async function registerPages(
	app: FastifyInstance,
	{ store, lifecycle }: { store: Store; lifecycle: LifecycleRules },
): Promise<void> {
	await acceptForms(app);
	const find = (type: string, id: string): Row | undefined => store.get(type, Number(id));

	app.get<{ Querystring: { status?: string; page?: string } }>('/', async (request, reply) =>
		show(reply, caseListPage(store, request.query)),
	);
	app.get('/case/create', async (_request, reply) => await show(reply, caseNewPage(store, {})));
	app.post('/case/create', async (request, reply) => {
		const { fields } = await formOf(request);
		try {
			const row = createCase(store, fields, lifecycle);
			return await reply.redirect(`/case/view/${row.id}?saved`, 303);
		} catch (error) {
			return await show(reply.code(422), caseNewPage(store, fields, inWords(error)));
		}
	});
	app.get<WithId & { Querystring: { saved?: string } }>('/case/view/:id', async (request, reply) => {
		const row = find('cases', request.params.id);
		if (!row) return await missingCase(reply, store, request.params.id);
		return await show(reply, caseViewPage(store, row, request.query.saved !== undefined));
	});
	app.get<WithId>('/case/update/:id', async (request, reply) => {
		const row = find('cases', request.params.id);
		return row ? await show(reply, caseEditPage(store, row, {})) : await missingCase(reply, store, request.params.id);
	});
	app.post<WithId>('/case/update/:id', async (request, reply) => {
		const row = find('cases', request.params.id);
		if (!row) return await missingCase(reply, store, request.params.id);
		const { fields } = await formOf(request);
		try {
			saveCase(store, row, fields);
		} catch (error) {
			return await show(reply.code(422), caseEditPage(store, row, fields, inWords(error)));
		}
		return await reply.redirect(`/case/view/${row.id}?saved`, 303);
	});
	app.post<WithId>('/case/comment/:id', async (request, reply) => {
		const row = find('cases', request.params.id);
		if (!row) return await missingCase(reply, store, request.params.id);
		const form = await formOf(request);
		try {
			addComment(store, row, form, lifecycle);
		} catch (error) {
			return await show(
				reply.code(422),
				caseViewPage(store, row, false, { typed: form.fields, error: inWords(error) }),
			);
		}
		return await reply.redirect(`/case/view/${row.id}?saved`, 303);
	});
	app.post<WithId>('/case/delete/:id', async (request, reply) => {
		const row = find('cases', request.params.id);
		if (row) store.remove('cases', row.id);
		return await reply.redirect('/', 303);
	});
	app.get<{ Querystring: { page?: string } }>('/contact', async (request, reply) =>
		show(reply, contactListPage(store, request.query)),
	);
	app.get<WithId>('/contact/view/:id', async (request, reply) => {
		const row = find('contacts', request.params.id);
		return row ? await show(reply, contactViewPage(store, row)) : await missing(reply);
	});
	app.get<{ Querystring: { page?: string } }>('/zendesk/ticket', async (request, reply) =>
		show(reply, ticketListPage(store, request.query)),
	);
	app.get<WithId>('/file/:id', async (request, reply) => {
		const row = find('files', request.params.id);
		if (!row) return await missing(reply);
		const name = encodeURIComponent(String(row.originalFilename ?? 'file'));
		return await reply
			.header('Content-Type', 'application/octet-stream')
			.header('Content-Disposition', `attachment; filename*=UTF-8''${name}`)
			.send(Buffer.from(String(row.content ?? ''), 'base64'));
	});
}

async function show(reply: FastifyReply, page: string): Promise<FastifyReply> {
	return await reply.type('text/html; charset=utf-8').send(page);
}

async function missing(reply: FastifyReply): Promise<FastifyReply> {
	return await show(reply.code(404), layout('Not found', html`<p>There is nothing here, or not any more.</p>`));
}

/** A case whose number was given once was deleted. */
async function missingCase(reply: FastifyReply, store: Store, id: string): Promise<FastifyReply> {
	const was = Number(id) > 0 && Number(id) < store.table('cases').nextId;
	return was
		? await show(reply.code(404), layout('Deleted', html`<p>Case ${id} was deleted.</p>`))
		: await missing(reply);
}

/** The words of a refused form; anything else is a fault of the server. */
function inWords(error: unknown): string {
	if (!(error instanceof FormError)) throw error;
	return error.message;
}
