import type { FaultEffect } from '../../../sandbox/common/faults';
import { letPass } from '../../support/virtual-time';
import type { Place } from './places';

/** What is the matter with a server, and what is the right way to take it. */
export interface Trouble {
	name: string;
	effects(place: Place): FaultEffect[];
	/** Until it is over only; otherwise one request is hit. */
	lasts?: boolean;
	/** It is the whole server's, and not only that of one address. */
	everywhere?: boolean;
	/** How long the run waits for it more than on a quiet day; milliseconds. `asked` is a pause of just that length, by Retry-After. */
	wait: { asked: number } | { least: number; most: number };
	/** What a person must be told, where the trouble lasts. */
	says?: RegExp;
}

const answer = (status: number, headers: Record<string, string> = {}, body = ''): FaultEffect => ({ kind: 'answer', status, headers, body });
const page = (status: number, title: string): FaultEffect => answer(status, { 'content-type': 'text/html' }, `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`);
const later = (milliseconds: number): FaultEffect => ({ kind: 'meanwhile', when: 'before', work: () => letPass(milliseconds) });

/** The nodes' own pauses before the second try, of a request or of a pair. */
const OWN = { least: 500, most: 6_000 };
/** Five tries of a request, or of a pair: then the run gives up and the trigger comes again later. */
const GIVES_UP = { least: 0, most: 70_000 };

export const PASSING: Trouble[] = [
	{ name: '429 with Retry-After', effects: () => [answer(429, { 'retry-after': '37' })], wait: { asked: 37_000 } },
	{ name: '429 without Retry-After', effects: () => [answer(429)], wait: OWN },
	{ name: '500', effects: () => [answer(500, {}, 'Internal Server Error')], wait: OWN },
	{ name: '502', effects: () => [page(502, '502 Bad Gateway')], wait: OWN },
	{ name: '503 with Retry-After', effects: () => [answer(503, { 'retry-after': '11' })], wait: { asked: 11_000 } },
	{ name: '503 without Retry-After', effects: () => [answer(503)], wait: OWN },
	{ name: '504', effects: () => [page(504, '504 Gateway Time-out')], wait: OWN },
	{ name: 'the connection is reset', effects: () => [{ kind: 'cut-before' }], wait: OWN },
	{ name: 'the answer is lost', effects: () => [{ kind: 'cut-after' }], wait: OWN },
	{ name: 'the answer is cut off in mid-body', effects: () => [{ kind: 'cut-in-body' }], wait: OWN },
	{ name: '30 seconds of silence, then the answer', effects: () => [later(30_000)], wait: { least: 0, most: 0 } },
	{ name: 'silence until the time limit', effects: ({ kind }) => [later(kind === 'read' ? 60_000 : 180_000), { kind: 'cut-before' }], wait: OWN },
	{ name: 'a login page instead of JSON', effects: () => [page(200, 'Please log in')], wait: OWN },
	{ name: 'the token has expired', effects: () => [answer(401, { 'content-type': 'application/json' }, '{"error":"invalid_token"}')], wait: { least: 0, most: 0 } },
];

export const LASTING: Trouble[] = [
	{ name: 'maintenance mode', lasts: true, everywhere: true, effects: () => [page(503, 'Maintenance in progress')], wait: GIVES_UP, says: /Maintenance in progress.*(busy or under maintenance)/ },
	{ name: '429 for a quarter of an hour', lasts: true, everywhere: true, effects: () => [answer(429, { 'retry-after': '900' })], wait: { least: 0, most: 10_000 }, says: /(asked to slow down|is busy)/ },
	{ name: 'a login page for everything', lasts: true, everywhere: true, effects: () => [page(200, 'Please log in')], wait: GIVES_UP, says: /web page instead of data \("Please log in"\).*At http:\/\/127\.0\.0\.1:\d+ something else answers/ },
	{ name: 'no connection', lasts: true, everywhere: true, effects: () => [{ kind: 'cut-before' }], wait: GIVES_UP, says: /connection was cut.*Check that (Zendesk|OroCRM)/ },
];
