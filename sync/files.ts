import type { ZendeskAttachment, ZendeskComment } from '../zendesk/types';
import { attachmentsOf } from './comments';

/** A file of a ticket's comment, as far as it got: its content, or why it only becomes a line with its name and address. */
export type PreparedFile = { content: Buffer } | { reason: string };

/** By attachment id. What isn't here becomes a line. */
export type PreparedFiles = ReadonlyMap<number, PreparedFile>;

export const noFiles: PreparedFiles = new Map();

/** The files of a comment that come along, and those that become a line. */
export function splitFiles(comment: ZendeskComment, files: PreparedFiles): { along: Array<{ file: ZendeskAttachment; content: Buffer }>; linked: ZendeskAttachment[] } {
	const along: Array<{ file: ZendeskAttachment; content: Buffer }> = [];
	const linked: ZendeskAttachment[] = [];
	for (const file of attachmentsOf(comment)) {
		const prepared = files.get(file.id);
		if (prepared && 'content' in prepared) along.push({ file, content: prepared.content });
		else linked.push(file);
	}
	return { along, linked };
}

/** The first comments that go into one request: at most `count`, and no more than `bytes` of files, but at least one. */
export function withinBytes<T extends { comment: ZendeskComment }>(steps: readonly T[], count: number, bytes: number, files: PreparedFiles): T[] {
	const taken: T[] = [];
	let sum = 0;
	for (const step of steps.slice(0, count)) {
		sum += splitFiles(step.comment, files).along.reduce((total, { content }) => total + content.length, 0);
		if (taken.length > 0 && sum > bytes) break;
		taken.push(step);
	}
	return taken;
}

/** Most bytes of files in one request to OroCRM: base64 makes a third more of it, and web servers take 8 MB as a rule. */
export const FILE_BYTES_PER_WRITE = 4 * 1024 * 1024;
