import { countsAllComments, forgetCommentCounts, learnCommentCount, learnExportedCount } from '../../../zendesk/comment-count';
import type { ZendeskComment } from '../../../zendesk/types';

const ACME = 'https://acme.zendesk.com';
const comments = (...open: boolean[]) => open.map((isPublic, index) => ({ id: index + 1, public: isPublic }) as ZendeskComment);

beforeEach(() => forgetCommentCounts());

test('not known as long as no internal comment was among them', () => {
	learnCommentCount(ACME, 2, comments(true, true));
	expect(countsAllComments(ACME)).toBe(false);
	learnCommentCount(ACME, undefined, comments(true, false));
	expect(countsAllComments(ACME)).toBe(false);
});

test('learned from a ticket with an internal comment, for this account alone', () => {
	learnCommentCount(ACME, 2, comments(true, false));
	expect(countsAllComments(ACME)).toBe(true);
	expect(countsAllComments('https://other.zendesk.com')).toBe(false);
});

test('an account that counts public ones only is found out, also when it looked otherwise once', () => {
	learnExportedCount(ACME, 2, comments(true, false));
	learnCommentCount(ACME, 1, comments(true, false));
	expect(countsAllComments(ACME)).toBe(false);
	// What an export tells is always as many as counted: it proves nothing against what was read.
	learnExportedCount(ACME, 2, comments(true, false));
	expect(countsAllComments(ACME)).toBe(false);
	learnCommentCount(ACME, 2, comments(true, false));
	expect(countsAllComments(ACME)).toBe(true);
});
