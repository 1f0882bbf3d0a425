import type { ListQuery } from '../query/list-query';
import { compareIds } from '../store/table';

interface PageLinks {
	first?: string;
	prev?: string;
	next?: string;
}

/**
 * `first`, `prev` and `next` of a list. There is no `last`, `next` only when there is more, and links to page 1 carry no
 * page number (orocrm-api.md §2.1).
 */
export function pageLinks(url: string, query: ListQuery, hasMore: boolean): PageLinks {
	const links: PageLinks = {};
	if (query.pageSize < 0) return links;
	if (query.pageNumber > 1) {
		links.first = withPage(url, query, 1);
		links.prev = withPage(url, query, query.pageNumber - 1);
	}
	if (hasMore) links.next = withPage(url, query, query.pageNumber + 1);
	return links;
}

/** Parameters sorted by name; a page number that was not in the request comes after the other page parameters. */
function withPage(url: string, query: ListQuery, number: number): string {
	const parts = query.parameters.map(({ key, value }) => ({ key, value })).sort((a, b) => compareIds(a.key, b.key));
	const at = parts.findIndex((part) => part.key === 'page[number]');
	if (at >= 0) parts.splice(at, 1);
	if (number > 1) {
		const after = parts.findIndex((part) => groupOf(part.key) > 'page');
		const end = after < 0 ? parts.length : after;
		parts.splice(at >= 0 ? at : end, 0, { key: 'page[number]', value: String(number) });
	}
	const text = parts.map(({ key, value }) => `${encode(key)}=${encode(value)}`).join('&');
	return text === '' ? url : `${url}?${text}`;
}

function groupOf(key: string): string {
	return key.split('[')[0]!;
}

function encode(text: string): string {
	return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
