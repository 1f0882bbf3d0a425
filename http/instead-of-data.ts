/** What came where a good answer should hold data: an error in words, without a full stop. */
export function insteadOfData(text: string): string {
	const body = text.trim();
	if (body === '') return 'answered with nothing';
	if (isWebPage(body)) {
		const title = /<title[^>]*>([^<]*)<\/title>/i.exec(body)?.[1].replace(/\s+/g, ' ').trim().slice(0, 100);
		return `answered with a web page instead of data${title ? ` ("${title}")` : ''}`;
	}
	// What begins as JSON and is none, as a rule lacks its end.
	return /^[{[]/.test(body) ? 'the answer ended in the middle' : 'answered with something that is no JSON';
}

/** Who may be behind such an answer, and how to find out: the address without its query. */
export function whoMayAnswer(url: string): string {
	return `At ${/^https?:\/\/[^/?]+/.exec(url)?.[0] ?? url} something else answers for now: a maintenance page, a login page or a proxy. Open that address in a browser to see which.`;
}

function isWebPage(text: string): boolean {
	return /^(<!doctype html|<html|<head|<body)/i.test(text) || /<html[\s>]/i.test(text.slice(0, 1_000));
}
