/** OroCRM releases that differ in what a sync can use (orocrm-api.md §2.5, §4.3, §5, §8). */
export type OroVersion = '5.1' | '6.1.0' | '6.1.11' | '7.0.0' | '7.0.2';

/** What a release can do, and which additions the administrator made. The schema and the query engine ask only this. */
export interface Features {
	/** `externalId` on cases, contacts, accounts and users: 6.1.10+ and 7.0.2+ (orocrm-api.md §3.1). */
	externalId: boolean;
	/** The webhook resources: 6.1.10+ and 7.0.2+ (§5). */
	webhooks: boolean;
	/** `X-Mode: sync` (§4.3). */
	synchronousBatch: boolean;
	/** Filter and sorter `order` of the case dictionaries (§2.5). */
	dictionaryOrder: boolean;
	/** `sort=association.field` (§2.4). */
	nestedSort: boolean;
	/** Two operators on one field; before 6.1 the last one wins (§2.2). */
	severalOperators: boolean;
	/** `filter[id]>=5` (§2.2): 5.1 and 6.0 only. */
	comparisonSyntax: boolean;
	/** To-many relationships are cut at this number (§2.1). */
	maxRelated: number;
	/** The filters, sorters and batch actions of `orocrm-overlay/zendesk_sync.yml`. */
	overlay: boolean;
}

export function featuresOf(version: OroVersion, overlay: boolean, maxRelated?: number): Features {
	const old = version === '5.1';
	const late = version === '6.1.11' || version === '7.0.2';
	return {
		externalId: late,
		webhooks: late,
		synchronousBatch: !old,
		dictionaryOrder: !old,
		nestedSort: !old,
		severalOperators: !old,
		comparisonSyntax: old,
		maxRelated: maxRelated ?? (old ? 100 : 1000),
		overlay,
	};
}
