import type { Association, Attribute, Resource } from './types';

/** Accepted and ignored in every write (orocrm-api.md §3). */
export const createdAt: Attribute = { type: 'datetime', ignored: true };
export const updatedAt: Attribute = { type: 'datetime', ignored: true };

/** 36 characters, unique by a check of the form only (orocrm-api.md §3.1). */
export const externalId: Attribute = {
	type: 'string',
	column: 36,
	indexed: true,
	when: (features) => features.externalId,
};

/** Statistics that OroCRM keeps of e-mails and calls; null as long as there are none. */
export const contactStatistics: Record<string, Attribute> = {
	lastContactedDate: { type: 'datetime', ignored: true },
	lastContactedDateIn: { type: 'datetime', ignored: true },
	lastContactedDateOut: { type: 'datetime', ignored: true },
	timesContacted: { type: 'integer', ignored: true },
	timesContactedIn: { type: 'integer', ignored: true },
	timesContactedOut: { type: 'integer', ignored: true },
};

export function string(column: number, rules: Partial<Attribute> = {}): Attribute {
	return { type: 'string', column, ...rules };
}

export function owner(): Association {
	return { target: 'users' };
}

export const tags: Association = { target: 'tags', many: true, notFilterable: true };

/** `activityNotes` …: shown on most entities, without filters and sorters (orocrm-api.md §3). */
export function activities(...kinds: Array<'Notes' | 'Emails' | 'Calls' | 'Tasks'>): Record<string, Association> {
	const associations: Record<string, Association> = {};
	for (const kind of kinds) {
		const target = kind.toLowerCase();
		associations[`activity${kind}`] = {
			target,
			many: true,
			inverse: { type: target, field: 'activityTargets' },
			notFilterable: true,
			ignored: true,
		};
	}
	return associations;
}

/** A read-only list of names: statuses, priorities, roles. */
export function dictionary(type: string, withOrder = false): Resource {
	return {
		type,
		idType: 'string',
		attributes: withOrder ? { order: { type: 'integer' }, label: string(255) } : { label: string(255) },
		associations: {},
		actions: ['get_list', 'get'],
		filters: withOrder ? { order: { when: (features) => features.dictionaryOrder } } : {},
		sorters: withOrder ? { order: { when: (features) => features.dictionaryOrder } } : {},
		title: (row) => String(row.label ?? ''),
	};
}
