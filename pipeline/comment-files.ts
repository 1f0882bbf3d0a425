import { ApiError } from '../http/api-error';
import { inParallel } from '../http/concurrency';
import { readFile } from '../orocrm/comments';
import type { CaseComment } from '../orocrm/types';
import { attachmentsOf } from '../sync/comments';
import { FILE_BYTES_PER_WRITE, splitFiles } from '../sync/files';
import type { PreparedFile } from '../sync/files';
import { PairProblem } from '../sync/pair-problem';
import type { OutgoingFile } from '../sync/outgoing-comments';
import { downloadAttachment } from '../zendesk/attachments';
import type { ZendeskAttachment, ZendeskComment } from '../zendesk/types';
import type { Clients } from './clients';
import { caseLink } from './results';

/** Downloads at once. */
const PARALLEL = 3;

/** The files of a pair's comments, on their way from one side to the other. */
export class CommentFiles {
	/** By attachment id. */
	readonly prepared = new Map<number, PreparedFile>();
	/** What became of files on their way out, for the result. */
	readonly notes: string[] = [];

	constructor(
		private readonly clients: Clients,
		/** Largest file that is copied, in bytes; larger ones become a line with their address. */
		private readonly largest: number,
	) {}

	/** Fetches the files of these comments, as far as that wasn't tried yet. */
	async fetch(comments: readonly ZendeskComment[]): Promise<void> {
		const missing = comments.flatMap(attachmentsOf).filter((file) => typeof file.id === 'number' && !this.prepared.has(file.id));
		await inParallel(missing, PARALLEL, async (file) => {
			this.prepared.set(file.id, await this.fetchOne(file));
		});
		for (const comment of comments) this.keepWithinRequest(comment);
	}

	/** A comment and its files go in one request: the files that are too many for it become lines. */
	private keepWithinRequest(comment: ZendeskComment): void {
		let bytes = 0;
		for (const { file, content } of splitFiles(comment, this.prepared).along) {
			const isFirst = bytes === 0;
			if (!isFirst && bytes + content.length > FILE_BYTES_PER_WRITE) this.prepared.set(file.id, { reason: 'with the comment’s other files it is more than one request to OroCRM takes' });
			else bytes += content.length;
		}
	}

	private async fetchOne(file: ZendeskAttachment): Promise<PreparedFile> {
		if (this.largest <= 0) return { reason: 'files are not copied, by the setting' };
		const limit = `${Math.round(this.largest / 1024 / 102.4) / 10} MB`;
		if ((file.size ?? 0) > this.largest) return { reason: `it is larger than ${limit}, the limit in Publish Case` };
		try {
			const content = await downloadAttachment(this.clients.zendesk, file.content_url, this.largest);
			if (content === undefined) return { reason: `it is larger than ${limit}, or Zendesk keeps it at an address that is not Zendesk’s` };
			return content.length > 0 ? { content } : { reason: 'it is empty' };
		} catch (error) {
			if (!(error instanceof ApiError) || error.status === 401 || error.status === 429) throw error;
			// A file lies on another host than the API: that one's trouble is this pair's alone, and may be over at the next try.
			if (error.status === undefined || error.status >= 500) throw new PairProblem(`File "${file.file_name}" could not be fetched from Zendesk (${error.words || error.status}). ${error.advice}`);
			return { reason: `Zendesk doesn’t give it out (${error.words || error.status})` };
		}
	}

	/** OroCRM refused a request for its files (their type, or their size): they become lines. True when there were any. */
	giveUp(comments: readonly ZendeskComment[], reason: string): boolean {
		let any = false;
		for (const file of comments.flatMap(attachmentsOf)) {
			const prepared = this.prepared.get(file.id);
			if (!prepared || 'reason' in prepared) continue;
			this.prepared.set(file.id, { reason });
			any = true;
		}
		return any;
	}

	/** Once a request is done its contents are no longer needed. */
	forget(comments: readonly ZendeskComment[]): void {
		for (const file of comments.flatMap(attachmentsOf)) this.prepared.delete(file.id);
	}

	/** The file of a case comment as Zendesk takes it; null when there is none. */
	async upload(comment: CaseComment): Promise<OutgoingFile | null> {
		if (comment.attachment === null) return null;
		const { zendeskWriter, oro } = this.clients;
		const file = await readFile(oro, comment.id);
		if (!file || !zendeskWriter) return null;
		const link = `${file.name} ${caseLink(comment.case ?? '', this.clients)}`;
		const asLine = (reason: string): OutgoingFile => {
			this.notes.push(`File "${file.name}" of case comment ${comment.id} is a line with the case’s address: ${reason}.`);
			return { link };
		};
		if (this.largest <= 0) return asLine('files are not copied, by the setting');
		if (file.bytes.length > this.largest) return asLine('it is larger than the limit in Publish Case');
		if (file.bytes.length === 0) return asLine('it is empty');
		try {
			return { token: await zendeskWriter.uploadFile(file.name, file.mimeType, file.bytes) };
		} catch (error) {
			if (!(error instanceof ApiError) || ![400, 413, 422].includes(error.status ?? 0)) throw error;
			return asLine(`Zendesk refuses it (${error.words})`);
		}
	}
}
