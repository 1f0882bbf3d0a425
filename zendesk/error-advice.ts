import type { ErrorDetail } from './errors';

interface Refusal {
	/** Whether the request would have changed something. */
	write: boolean;
	status: number;
	code: string;
	words: string;
	details: readonly ErrorDetail[];
}

/** What a person can do about a refusal by Zendesk. */
export function advice({ write, status, code, words, details }: Refusal): string {
	if (status === 401) return 'Open the Zendesk credential and connect it again: the token is wrong, expired or revoked.';
	// "You are missing the following required scopes: write" has the same code as other refusals (zendesk-api.md §15): only the words tell.
	if (status === 403 && /scope/i.test(words)) {
		return write
			? 'The Zendesk credential may only read, and two-way sync writes. Choose the access Read and Write in the credential and connect it again, or switch two-way sync off.'
			: 'Choose the access that is needed in the Zendesk credential and connect it again.';
	}
	if (status === 403 && write) return 'The account behind the Zendesk credential may not do this. Two-way sync needs an agent or admin who may edit these tickets and their people.';
	if (status === 403) return 'The account behind the Zendesk credential may not do this. Exports need an admin; use an admin or give the role that right.';
	if (status === 404) return 'Check the subdomain in the Zendesk credential and that the ticket still exists.';
	if (status === 409) return 'Somebody changed the ticket in Zendesk at the same moment. Nothing was overwritten; the sync reads the ticket again and compares again by itself.';
	if (status === 422) return unfitAdvice(details);
	if (status === 429) return 'Zendesk asked to slow down. The sync waits and goes on by itself; if this happens often, raise the interval.';
	if (status === 503) return 'Zendesk is busy or under maintenance. The sync goes on by itself.';
	if (status >= 500) return 'Zendesk has a problem of its own. The sync tries again by itself.';
	if (code === 'StartTimeTooRecent') return 'Nothing to do: the export begins one minute after its starting point.';
	if (status >= 300 && status < 400) return 'Zendesk redirects elsewhere; the token is not sent there. Check the address in the Zendesk credential.';
	return 'Correct what Zendesk names, in Zendesk or in the settings of the node, and run it again.';
}

/** What to do about a 422: Zendesk understood the request, but its rules, or the account's own, don't allow it. */
function unfitAdvice(details: readonly ErrorDetail[]): string {
	const has = (field: string, ...codes: string[]) => details.some((detail) => detail.field === field && (codes.length === 0 || codes.includes(detail.code)));
	if (has('requester', 'UserSuspended')) return 'The requester is suspended in Zendesk. Take the suspension back there, or give the case another contact.';
	if (has('email', 'DuplicateValue')) return 'Somebody in Zendesk has this e-mail already, perhaps as a second address. Make it the person’s main address there, or give the contact in OroCRM the main one.';
	return 'Zendesk’s rules for tickets and people don’t allow this: a field that must be filled, a value that isn’t offered, a ticket that is closed. Correct what Zendesk names, there or in OroCRM, and run it again.';
}
