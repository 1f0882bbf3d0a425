import type { Row } from '../schema/types';
import type { Store } from '../store/store';
import { insertDictionaries } from './dictionaries';

export const ADMINISTRATOR_ROLE = 3;
export const SALES_REP_ROLE = 2;

/** A fresh installation: dictionaries, one organization, one business unit, the administrator and a Sales Rep. */
export function insertBase(store: Store): void {
	insertDictionaries(store);
	const now = store.now();
	store.insert('organizations', { name: 'Acme', createdAt: now, updatedAt: now });
	store.insert('businessunits', { name: 'Main', organization: 1, createdAt: now, updatedAt: now });
	insertUser(store, { username: 'admin', email: 'admin@example.com', firstName: 'John', lastName: 'Doe' });
}

/** The user whose token shows what a Sales Rep may do; made when no test or seed has brought one. */
export function insertSalesRep(store: Store): void {
	if (store.table('users').index('username')!.count('rep') > 0) return;
	insertUser(store, { username: 'rep', email: 'rep@example.com', firstName: 'Remy', lastName: 'Park' }, SALES_REP_ROLE);
}

export function insertUser(store: Store, values: Record<string, unknown>, role = ADMINISTRATOR_ROLE): Row {
	const now = store.now();
	return store.insert('users', {
		enabled: true,
		createdAt: now,
		updatedAt: now,
		owner: 1,
		businessUnits: [1],
		organizations: [1],
		organization: 1,
		userRoles: [role],
		auth_status: 'active',
		...values,
	});
}
