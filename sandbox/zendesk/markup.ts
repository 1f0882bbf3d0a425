/** Zendesk's three forms of a comment: markdown text, HTML and plain text (zendesk-api.md §7). */

export interface CommentText {
	body: string;
	html_body: string;
	plain_body: string;
}

const ENTITIES: Record<string, string> = {
	'&amp;': '&',
	'&lt;': '<',
	'&gt;': '>',
	'&quot;': '"',
	'&#39;': "'",
	'&nbsp;': ' ',
};

const escape = (text: string) =>
	text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);
const unescape = (text: string) => text.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (entity) => ENTITIES[entity]);

const wrap = (inner: string) => `<div class="zd-comment" dir="auto">${inner}</div>`;
const link = (address: string, label: string) => `<a href="${address}" rel="noreferrer">${label}</a>`;

function inlineHtml(text: string): string {
	return escape(text)
		.replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, (_all, label: string, address: string) => link(address, label))
		.replace(
			/(^|[\s(])(https?:\/\/[^\s<)]+)/g,
			(_all, before: string, address: string) => before + link(address, address),
		)
		.replace(/\n/g, '\n<br>');
}

function plainFromHtml(html: string): string {
	const text = html
		.replace(/<br\s*\/?>/g, '\n')
		.replace(/<\/?(p|li|ul|ol|div)\b[^>]*>/g, ' ')
		.replace(/<[^>]+>/g, '');
	return unescape(text).trim();
}

export function textFromMarkdown(body: string): CommentText {
	const text = body.trim();
	const paragraphs = text.split(/\n{2,}/).map((paragraph) => `<p dir="auto">${inlineHtml(paragraph)}</p>`);
	const inner = paragraphs.join('\n');
	return { body: text, html_body: wrap(inner), plain_body: plainFromHtml(inner) };
}

export function textFromHtml(html: string): CommentText {
	const safe = html.trim().replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, '');
	const linked = safe.replace(
		/<a\b[^>]*href="([^"]+)"[^>]*>([\s\S]*?)<\/a>/g,
		(_all, address: string, label: string) => {
			const text = plainFromHtml(label);
			return text === address ? address : `[${text}](${address})`;
		},
	);
	const body = unescape(
		linked
			.replace(/<br\s*\/?>\n?/g, '\n')
			.replace(/<\/p>\s*/g, '\n\n')
			.replace(/<li\b[^>]*>/g, '* ')
			.replace(/<\/li>/g, '\n')
			.replace(/<[^>]+>/g, ''),
	).trim();
	return { body, html_body: wrap(safe), plain_body: plainFromHtml(safe) };
}
