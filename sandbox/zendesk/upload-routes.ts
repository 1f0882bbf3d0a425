import { idParam, type Api } from './api';
import { missingContentType, notFound } from './errors';
import { addUpload, openUpload } from './files';

/** R:uploads.create.1: the body is the file; the answer says it is plain text, and Location is the attachment. */
export function uploadRoutes(api: Api): void {
	const { router, store, views } = api;
	router.add('POST', 'uploads', { raw: true }, (request) => {
		const { filename, token } = request.query;
		const content_type = request.headers['content-type'];
		if (!content_type) throw missingContentType();
		const file = {
			file_name: filename ?? 'unnamed_attachment.txt',
			content: request.rawBody,
			content_type,
		};
		const upload = addUpload(store, file, token);
		const attachments = upload.attachment_ids.map((id) => views.attachment(store.attachments.get(id)!));
		const attachment = attachments[attachments.length - 1];
		return {
			status: 201,
			headers: { 'content-type': 'text/plain; charset=utf-8', location: String(attachment.url) },
			body: { upload: { token: upload.token, expires_at: upload.expires_at, attachments, attachment } },
		};
	});
	router.add('DELETE', 'uploads/:token', {}, ({ params }) => {
		if (!openUpload(store, params.token)) throw notFound();
		store.uploads.delete(params.token);
		store.changed();
		return { status: 204 };
	});
	router.add('GET', 'attachments/:id', {}, (request) => {
		const attachment = store.attachments.get(idParam(request));
		if (!attachment) throw notFound();
		return { status: 200, body: { attachment: views.attachment(attachment) } };
	});
}
