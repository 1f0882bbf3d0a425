import type { Store } from '../store/store';

/** Order in which the recorded installation lists them; others follow (recording `webhooktopics.list.1`). */
const USUAL_ORDER = ['contacts', 'zendesktickets', 'cases', 'casecomments'];

/** Three topics for each resource that was made webhook-accessible (orocrm-api.md §5). Stock has none. */
export function insertWebhookTopics(store: Store, types: string[]): void {
	if (!store.schema.has('webhooktopics')) return;
	const ordered = [...types].sort((a, b) => rank(a) - rank(b));
	for (const type of ordered) {
		const { alias, label } = store.resource(type);
		for (const event of ['created', 'updated', 'deleted']) {
			const id = `${alias}.${event}`;
			if (alias && !store.get('webhooktopics', id)) store.insert('webhooktopics', { id, label: `${label} ${event}` });
		}
	}
}

function rank(type: string): number {
	const at = USUAL_ORDER.indexOf(type);
	return at < 0 ? USUAL_ORDER.length : at;
}
