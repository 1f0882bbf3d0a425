import { idParam, type Api } from './api';
import { notFound } from './errors';
import { cursorPage, offsetPage, wantsCursor, type Order } from './paging';
import type { Answer, ApiRequest } from './router';
import { countOf, writeContext } from './ticket-routes';
import type { Comment } from './types';

const orderOf = (descending: boolean): Order<Comment> => ({
	name: 'created_at,id',
	key: (comment) => [new Date(comment.created_at), comment.id],
	descending,
});

export function commentRoutes(api: Api): void {
	const { router, store, views } = api;
	router.add('GET', 'tickets/:id/comments', {}, (request) => listComments(api, request));
	router.add('GET', 'tickets/:id/comments/count', {}, (request) => {
		if (!store.liveTicket(idParam(request))) throw notFound();
		return { status: 200, body: countOf(store.commentsOf(idParam(request)).length, api) };
	});
	router.add('PUT', 'tickets/:id/comments/:comment/make_private', { limits: perTicket }, (request) => {
		commentOf(api, request).public = false;
		store.touchTicket(idParam(request), writeContext(request));
		return { status: 200, body: {} };
	});
	router.add(
		'PUT',
		'tickets/:id/comments/:comment/attachments/:attachment/redact',
		{ limits: perTicket },
		(request) => {
			const attachment = store.attachments.get(idParam(request, 'attachment'));
			if (!attachment || !commentOf(api, request).attachment_ids.includes(attachment.id)) throw notFound();
			const answer = { status: 200, body: { attachment: views.attachment(attachment) } };
			Object.assign(attachment, {
				file_name: 'redacted.txt',
				content_type: 'text/plain',
				size: 0,
				content: '',
				deleted: true,
			});
			store.touchTicket(idParam(request), writeContext(request));
			return answer;
		},
	);
	router.add('PUT', 'tickets/:id/comments/:comment/redact', { limits: perTicket }, (request) => {
		const comment = commentOf(api, request);
		hide(comment, String(request.body.text ?? ''));
		store.touchTicket(comment.ticket_id, writeContext(request));
		return { status: 200, body: { comment: views.comment(comment) } };
	});
	router.add(
		'PUT',
		'comment_redactions/:comment',
		{ limits: [['perTicketUpdates', (request) => `${request.user.id} ${String(request.body.ticket_id)}`]] },
		(request) => {
			const comment = store.comments.get(idParam(request, 'comment'));
			if (!comment || comment.ticket_id !== Number(request.body.ticket_id)) throw notFound();
			hideMarked(comment, String(request.body.text ?? ''));
			store.touchTicket(comment.ticket_id, writeContext(request));
			return { status: 200, body: { comment: views.comment(comment) } };
		},
	);
}

const perTicket: Array<['perTicketUpdates', (request: ApiRequest) => string]> = [
	['perTicketUpdates', (request) => `${request.user.id} ${request.params.id}`],
];

/** zendesk-api.md §7: created ascending; `sort=-created_at` with cursors, `sort_order=desc` with pages. */
function listComments(api: Api, request: ApiRequest): Answer {
	const { store, views } = api;
	const id = idParam(request);
	if (!store.liveTicket(id)) throw notFound();
	const { query } = request;
	const inlineImages = query.include_inline_images === 'true';
	const order = orderOf(query.sort === '-created_at' || query.sort_order === 'desc');
	const rows = store.commentsOf(id);
	if (order.descending) rows.reverse();
	const path = `tickets/${id}/comments`;
	const page = wantsCursor(query)
		? cursorPage(rows, order, query, api.baseUrl(), path)
		: offsetPage(rows, query, api.baseUrl(), path);
	const { rows: shown, ...paging } = page;
	const authors = [...new Set(shown.map((comment) => comment.author_id))].sort((a, b) => a - b);
	const latest = rows.reduce((time, comment) => Math.max(time, Date.parse(comment.created_at)), 0);
	return {
		status: 200,
		headers: rows.length > 0 ? { 'last-modified': new Date(latest).toUTCString() } : {},
		body: {
			comments: shown.map((comment) => views.comment(comment, 'list', inlineImages)),
			...((query.include ?? '').split(',').includes('users')
				? { users: authors.map((author) => views.user(store.users.get(author)!)) }
				: {}),
			...paging,
		},
	};
}

function commentOf(api: Api, request: ApiRequest): Comment {
	const comment = api.store.comments.get(idParam(request, 'comment'));
	if (comment?.ticket_id !== idParam(request)) throw notFound();
	return comment;
}

const blocks = (text: string) => '▇'.repeat([...text].length);

function hide(comment: Comment, text: string): void {
	if (text === '') return;
	for (const key of ['body', 'html_body', 'plain_body'] as const)
		comment[key] = comment[key].split(text).join(blocks(text));
}

/** The agent workspace's form: the whole HTML with the parts to hide in `<redact>` (R:comments.redact.1). */
function hideMarked(comment: Comment, html: string): void {
	const hidden = html.replace(/<redact>([\s\S]*?)<\/redact>/g, (_all, text: string) =>
		blocks(text.replace(/<[^>]+>/g, '')),
	);
	comment.html_body = hidden;
	comment.plain_body = hidden
		.replace(/<br\s*\/?>/g, '\n')
		.replace(/<[^>]+>/g, '')
		.trim();
	comment.body = comment.plain_body;
}
