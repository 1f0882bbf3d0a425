import { html, type Markup } from '../common/html';
import type { Store } from './store';
import type { Ticket } from './types';

/** Small parts that several pages share. */

export const NOTE = html`<p class="notice">
	This is a practice system on your own machine. Nothing here is sent to anyone, and everything may be tried.
</p>`;

export const STATUS_NAMES: Record<string, string> = {
	new: 'New',
	open: 'Open',
	pending: 'Pending',
	hold: 'On-hold',
	solved: 'Solved',
	closed: 'Closed',
	deleted: 'Deleted',
};

export function personName(store: Store, id: number | null): string {
	return id === null ? '–' : (store.users.get(id)?.name ?? `user ${id}`);
}

/** The status, with the custom status where it is not the category's default. */
export function statusBadge(store: Store, ticket: Ticket): Markup {
	const custom = store.customStatuses.get(ticket.custom_status_id);
	const more =
		custom && !custom.default && ticket.status !== 'deleted' && ticket.status !== 'closed'
			? ` · ${custom.agent_label}`
			: '';
	return html`<span class="badge">${STATUS_NAMES[ticket.status]}${more}</span>`;
}

export function priorityBadge(priority: string | null): Markup {
	return priority === null ? html`–` : html`<span class="badge">${priority}</span>`;
}

export function when(time: string): string {
	return `${time.slice(0, 10)} ${time.slice(11, 16)}`;
}

export function choices(options: Array<[string, string]>, selected: string | null | undefined): Markup[] {
	return options.map(([value, label]) =>
		value === (selected ?? '')
			? html`<option value="${value}" selected>${label}</option>`
			: html`<option value="${value}">${label}</option>`,
	);
}
