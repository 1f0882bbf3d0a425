import { tokenFrom } from './ids';
import type { Store } from './store';
import type { Attachment, Upload } from './types';
import { isoSeconds } from './time';

export interface NewAttachment {
	file_name: string;
	content: Buffer | string;
	content_type?: string;
	inline?: boolean;
	width?: number;
	height?: number;
}

/** Uploads that no comment takes are gone after three days (R:uploads.create.1, `expires_at`). */
const UPLOAD_DAYS = 3;

export function addAttachment(store: Store, file: NewAttachment): Attachment {
	const content = Buffer.isBuffer(file.content) ? file.content : Buffer.from(file.content);
	const id = store.ids.take();
	const row: Attachment = {
		id,
		file_name: file.file_name,
		content_type: file.content_type ?? 'application/octet-stream',
		size: content.length,
		width: file.width ?? null,
		height: file.height ?? null,
		inline: file.inline ?? false,
		deleted: false,
		token: tokenFrom(`attachment ${id}`),
		content: content.toString('base64'),
	};
	store.attachments.set(id, row);
	store.changed();
	return row;
}

/** Adds a file to the upload with this token, or to a new one. */
export function addUpload(store: Store, file: NewAttachment, token?: string): Upload {
	const attachment = addAttachment(store, file);
	const old = token === undefined ? undefined : openUpload(store, token);
	if (old) {
		old.attachment_ids.push(attachment.id);
		return old;
	}
	const upload: Upload = {
		token: tokenFrom(`upload ${attachment.id}`),
		expires_at: isoSeconds(new Date(store.clock.now().getTime() + UPLOAD_DAYS * 86_400_000)),
		attachment_ids: [attachment.id],
	};
	store.uploads.set(upload.token, upload);
	return upload;
}

export function openUpload(store: Store, token: string): Upload | undefined {
	const upload = store.uploads.get(token);
	if (!upload || Date.parse(upload.expires_at) < store.clock.now().getTime()) return undefined;
	return upload;
}

/** The files of these uploads; an upload is used up by the comment that takes it. */
export function takeUploads(store: Store, tokens: string[]): number[] {
	const ids: number[] = [];
	for (const token of tokens) {
		const upload = openUpload(store, token);
		if (!upload) continue;
		ids.push(...upload.attachment_ids);
		store.uploads.delete(token);
	}
	return ids;
}
