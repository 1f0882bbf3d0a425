import { htmlToText, textToHtml } from './html-text';
import { cutText } from './text';

/** Most bytes of a comment's text; Zendesk refuses more than about 64 kB (zendesk-api.md §7). */
const LONGEST = 64_000;

/**
 * The HTML of a comment for Zendesk. What is longer than Zendesk takes ends with a line that says so, instead of
 * being refused.
 *
 * @param text plain, or HTML when `isHtml`
 * @param rest where all of it can be read, for instance `case 12 in OroCRM`
 */
export function commentHtml(text: string, rest: string, isHtml = false): { html: string; cut: boolean } {
	const html = isHtml ? text : textToHtml(text);
	if (fits(html)) return { html, cut: false };
	const plain = isHtml ? htmlToText(text) : text;
	const ending = `\n\n(Cut here: it is longer than Zendesk takes. All of it is in ${rest}.)`;
	let [most, tooMany] = [0, plain.length];
	while (most + 1 < tooMany) {
		const middle = Math.floor((most + tooMany) / 2);
		if (fits(textToHtml(cutText(plain, middle) + ending))) most = middle;
		else tooMany = middle;
	}
	return { html: textToHtml(cutText(plain, most) + ending), cut: true };
}

function fits(html: string): boolean {
	return Buffer.byteLength(html) <= LONGEST;
}
