import type { IncomingRequest } from './api';
import type { Answer } from './router';
import type { Store } from './store';
import type { Attachment } from './types';

/** One request for a file's content. */
export interface FileRequest {
	/** The account's own host, or the file store that it sends clients to. */
	host: 'account' | 'file store';
	/** Name as uploaded; undefined: there is no such file. */
	file_name: string | undefined;
	/** Whether the request carried an Authorization header. */
	authorized: boolean;
}

/** Gives out the content of files, and remembers who asked with credentials. */
export class FileHost {
	readonly requests: FileRequest[] = [];
	/** The file store's address where there is one; then the account's host sends clients there. */
	storeUrl: string | undefined;

	constructor(private readonly store: Store) {}

	/** `content_url`: the file itself, or the way to it. Whoever has the address gets it. */
	answerAccount(token: string, request: IncomingRequest): Answer {
		const file = this.find(token);
		this.note('account', request, file);
		if (!file || this.storeUrl === undefined) return contentAnswer(file);
		return { status: 302, headers: { location: `${this.storeUrl}/attachment/${token}?token=practice` } };
	}

	/** The file store refuses credentials: its addresses carry their own permission. */
	answerStore(token: string, request: IncomingRequest): Answer {
		const file = this.find(token);
		this.note('file store', request, file);
		if (request.headers.authorization !== undefined) return plain(403, 'Forbidden');
		return contentAnswer(file);
	}

	private find(token: string): Attachment | undefined {
		for (const file of this.store.attachments.values()) if (file.token === token) return file;
		return undefined;
	}

	private note(host: FileRequest['host'], request: IncomingRequest, file: Attachment | undefined): void {
		this.requests.push({ host, file_name: file?.file_name, authorized: request.headers.authorization !== undefined });
	}
}

const plain = (status: number, body: string): Answer => ({ status, headers: { 'content-type': 'text/plain' }, body });

function contentAnswer(file: Attachment | undefined): Answer {
	if (!file) return plain(404, 'Not found');
	return {
		status: 200,
		headers: {
			'content-type': file.content_type,
			'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.file_name)}`,
			'x-content-type-options': 'nosniff',
		},
		body: Buffer.from(file.content, 'base64'),
	};
}
