import { setTimeout as sleep } from 'node:timers/promises';

/** The last page of a form, as a person reads it. */
export interface LastPage {
	title: string;
	/** Its text without markup, with the line breaks. */
	text: string;
	/** Addresses of its links, by their words. */
	links: Record<string, string>;
}

export interface Login {
	user: string;
	password: string;
}

const authorizationOf = ({ user, password }: Login): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Asks for a form; a wrong or missing login is answered, not thrown. */
export async function openForm(address: string, login?: Login): Promise<Response> {
	return await fetch(address, { headers: login ? { authorization: authorizationOf(login) } : {} });
}

/**
 * Fills in one of n8n's forms and waits for its last page, by the requests that the script in the page makes in a browser.
 *
 * @param fields by the labels on the page; a list stands for checked boxes
 */
export async function fillIn(address: string, login: Login, fields: Record<string, string | string[]>): Promise<LastPage> {
	const opened = await openForm(address, login);
	const page = await opened.text();
	if (!opened.ok) throw new Error(`${address} answered ${opened.status}: ${page.slice(0, 300)}`);

	const body = new FormData();
	for (const [label, value] of Object.entries(fields)) body.append(fieldNamed(label, page), Array.isArray(value) ? JSON.stringify(value) : value);
	const token = /const authToken = '([^']*)'/.exec(page)?.[1];
	const sent = await fetch(address, { method: 'POST', body, headers: token ? { 'x-auth-token': token } : {} });
	const answer = await sent.text();
	if (!sent.ok) throw new Error(`The form was answered with ${sent.status}: ${answer.slice(0, 300)}`);
	const { formWaitingUrl } = JSON.parse(answer) as { formWaitingUrl?: string };
	if (!formWaitingUrl) throw new Error(`The form was answered with ${answer.slice(0, 300)}`);
	return await lastPage(formWaitingUrl);
}

/** The name of the input with this label. */
function fieldNamed(label: string, page: string): string {
	for (const [, id, words] of page.matchAll(/<label[^>]*for='([^']*)'[^>]*>([\s\S]*?)<\/label>/g)) if (plain(words) === label) return id;
	const nearby = page.indexOf(`>${label}`);
	const id = nearby < 0 ? undefined : /(?:id|name)='(field-\d+)'/.exec(page.slice(nearby))?.[1];
	if (!id) throw new Error(`The form has no field "${label}".`);
	return id;
}

async function lastPage(address: string): Promise<LastPage> {
	const status = new URL(address);
	status.pathname += '/n8n-execution-status';
	for (const deadline = Date.now() + 60_000; ; ) {
		const words = (await (await fetch(status)).text()).trim();
		if (words === 'form-waiting') break;
		if (['canceled', 'crashed', 'error', 'null', 'success'].includes(words)) throw new Error(`The run behind the form ended without a last page: ${words}.`);
		if (Date.now() > deadline) throw new Error(`The run behind the form is still "${words}".`);
		await sleep(300);
	}
	const page = await (await fetch(address)).text();
	// The page itself tells n8n that it was shown, which ends the run.
	await fetch(address, { method: 'POST' });
	const card = /<div class='header'>([\s\S]*?)<\/div>/.exec(page)?.[1] ?? '';
	const message = /<p[^>]*>([\s\S]*)<\/p>/.exec(card)?.[1] ?? '';
	return {
		title: plain(/<h1>([\s\S]*?)<\/h1>/.exec(card)?.[1] ?? ''),
		text: plain(message),
		links: Object.fromEntries([...message.matchAll(/<a href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g)].map(([, href, words]) => [plain(words), href])),
	};
}

const plain = (markup: string): string =>
	markup
		.replace(/<[^>]*>/g, '')
		.replace(/&lt;/g, '<')
		.replace(/&gt;/g, '>')
		.replace(/&quot;/g, '"')
		.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)))
		.replace(/&#x([0-9a-f]+);/gi, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
		.replace(/&amp;/g, '&')
		.trim();
