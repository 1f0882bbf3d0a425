import type { Store } from '../store/store';

/** The rows that every installation has (recordings `casestatuses.list.1` … `userroles.list.1`). */
const LABELS: Record<string, Record<string, string>> = {
	casesources: { email: 'Email', other: 'Other', phone: 'Phone', web: 'Web' },
	zendeskticketstatuses: {
		closed: 'Closed',
		hold: 'Hold',
		new: 'New',
		open: 'Open',
		pending: 'Pending',
		solved: 'Solved',
	},
	zendeskticketpriorities: { high: 'High', low: 'Low', normal: 'Normal', urgent: 'Urgent' },
	zendesktickettypes: { incident: 'Incident', problem: 'Problem', question: 'Question', task: 'Task' },
	zendeskuserroles: { admin: 'Admin', agent: 'Agent', 'end-user': 'End-user' },
	contactsources: { call: 'Call', other: 'Other', tv: 'TV', website: 'Website' },
	contactmethods: { email: 'Email', fax: 'Fax', mail: 'Mail', phone: 'Phone' },
	userauthstatuses: { active: 'Active', expired: 'Expired', locked: 'Locked', reset: 'Reset' },
	webhookformats: { default: 'Default (JSON:API)', thin: 'Thin payload' },
};

const ORDERED: Record<string, Array<[string, string]>> = {
	casestatuses: [
		['open', 'Open'],
		['in_progress', 'In Progress'],
		['resolved', 'Resolved'],
		['closed', 'Closed'],
	],
	casepriorities: [
		['low', 'Low'],
		['normal', 'Normal'],
		['high', 'High'],
	],
};

const ROLES: Array<[number, string, string]> = [
	[2, 'ROLE_USER', 'Sales Rep'],
	[3, 'ROLE_ADMINISTRATOR', 'Administrator'],
	[4, 'ROLE_MANAGER', 'Sales Manager'],
	[5, 'ROLE_ONLINE_SALES_REP', 'Online Sales Rep'],
	[6, 'ROLE_MARKETING_MANAGER', 'Marketing Manager'],
	[7, 'ROLE_LEADS_DEVELOPMENT_REP', 'Leads Development Rep'],
];

export function insertDictionaries(store: Store): void {
	for (const [type, labels] of Object.entries(LABELS)) {
		if (!store.schema.has(type)) continue;
		for (const [id, label] of Object.entries(labels)) store.insert(type, { id, label });
	}
	for (const [type, entries] of Object.entries(ORDERED)) {
		entries.forEach(([id, label], i) => store.insert(type, { id, label, order: i + 1 }));
	}
	for (const [id, role, label] of ROLES) store.insert('userroles', { id, role, label, organization: 1 });
}
