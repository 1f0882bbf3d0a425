import { addStatus, addTicketField } from './account';
import { seedPeople } from './seed-people';
import { seedTickets, type SeedFields } from './seed-tickets';
import type { Store } from './store';
import { isoSeconds } from './time';

const DAY = 86_400_000;

/** About 40 tickets that look like a real account's. Ids are always the same, dates follow the clock. */
export function seedShowcase(store: Store): void {
	const start = store.clock.now().getTime();
	const ago = (days: number) => isoSeconds(new Date(start - days * DAY));
	settleAccount(store, ago(400));
	const people = seedPeople(store, ago(380));
	seedTickets(store, people, seedFields(store, ago(390)), ago);
	store.updateUser(people.suspended.id, { suspended: true }, ago(3));
	store.deleteUser(people.gone.id, ago(2));
}

/** The account is older than its tickets. */
function settleAccount(store: Store, created: string): void {
	store.account.created_at = created;
	const rows = [
		...store.groups.values(),
		...store.organizations.values(),
		...store.users.values(),
		...store.customStatuses.values(),
		...store.ticketFields.values(),
		...store.memberships.values(),
	];
	for (const row of rows) Object.assign(row, { created_at: created, updated_at: created });
	for (const organization of store.organizations.values()) store.putOrganization(organization);
	for (const user of store.users.values()) store.putUser(user);
}

function seedFields(store: Store, created: string): SeedFields {
	const times = { created_at: created, updated_at: created };
	const status = (status_category: 'open' | 'pending' | 'hold' | 'solved', agent_label: string) =>
		addStatus(store, { status_category, agent_label, ...times }).id;
	return {
		orderNumber: addTicketField(store, { type: 'text', title: 'Order number', ...times }).id,
		product: addTicketField(store, {
			type: 'tagger',
			title: 'Product',
			options: [
				['Garden lamp', 'garden_lamp'],
				['Coffee grinder', 'coffee_grinder'],
				['Bicycle', 'bicycle'],
			],
			...times,
		}).id,
		refund: addTicketField(store, { type: 'checkbox', title: 'Refund agreed', ...times }).id,
		inRepair: status('open', 'In repair'),
		waitingForParts: status('hold', 'Waiting for parts'),
		waitingForCustomer: status('pending', 'Awaiting photos'),
		refunded: status('solved', 'Refunded'),
	};
}
