import { idParam, type Api } from './api';
import { notFound } from './errors';
import { cursorPage, offsetPage, wantsCursor, type Order } from './paging';
import { countOf } from './ticket-routes';
import type { Audit } from './types';

const ORDER: Order<Audit> = { name: 'created_at,id', key: (audit) => [new Date(audit.created_at), audit.id] };

export function auditRoutes(api: Api): void {
	const { router, store, views } = api;
	const auditsOf = (id: number) => {
		if (!store.liveTicket(id)) throw notFound();
		return store.auditsOf(id);
	};
	router.add('GET', 'tickets/:id/audits', {}, (request) => {
		const id = idParam(request);
		const { query } = request;
		const path = `tickets/${id}/audits`;
		const { rows, ...paging } = wantsCursor(query)
			? cursorPage(auditsOf(id), ORDER, query, api.baseUrl(), path)
			: offsetPage(auditsOf(id), query, api.baseUrl(), path);
		return { status: 200, body: { audits: rows.map((audit) => views.audit(audit)), ...paging } };
	});
	router.add('GET', 'tickets/:id/audits/count', {}, (request) => ({
		status: 200,
		body: countOf(auditsOf(idParam(request)).length, api),
	}));
	router.add('GET', 'tickets/:id/audits/:audit', {}, (request) => {
		const audit = auditsOf(idParam(request)).find((row) => row.id === idParam(request, 'audit'));
		if (!audit) throw notFound();
		return { status: 200, body: { audit: views.audit(audit) } };
	});
	router.add('GET', 'ticket_audits', {}, (request) => {
		const all = [...store.audits.values()].sort(
			(a, b) => Date.parse(a.created_at) - Date.parse(b.created_at) || a.id - b.id,
		);
		const { rows, meta, links } = cursorPage(all, ORDER, request.query, api.baseUrl(), 'ticket_audits');
		return { status: 200, body: { audits: rows.map((audit) => views.audit(audit)), meta, links } };
	});
}
