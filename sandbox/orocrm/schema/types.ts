import type { Features } from '../version';

export type Id = number | string;

/** A stored record. Attributes hold JSON values, to-one associations an id or null, owned to-many associations ids. */
export interface Row {
	id: Id;
	[field: string]: unknown;
}

/** A polymorphic association (`files.parent`, `attachments.target`) stores type and id. */
export interface Pointer {
	type: string;
	id: Id;
}

export type AttributeType =
	| 'string'
	| 'text'
	| 'integer'
	| 'bigint'
	| 'boolean'
	| 'datetime'
	| 'date'
	| 'json'
	/** `[{"email":"…"}]`, stored as addresses; goes with `primaryEmail` (orocrm-api.md §3.3). */
	| 'emails'
	| 'phones';

export interface Attribute {
	type: AttributeType;
	/** Characters the database column holds; more is a 500, not a validation error (§1.5). */
	column?: number;
	/** Rules of the form: a violation is a 400 with a pointer. */
	notBlank?: boolean;
	minLength?: number;
	maxLength?: number;
	email?: boolean;
	url?: boolean;
	oneOf?: string[];
	/** Value of a new record when none is sent. Default null. */
	default?: unknown;
	/** Sent values are accepted and ignored (createdAt, updatedAt: §3). */
	ignored?: boolean;
	/** Never in an answer (a password, the secret of a webhook). */
	writeOnly?: boolean;
	/** Only when a record is made; in a PATCH it is an unknown field. */
	createOnly?: boolean;
	/** Kept in a hash index, because it is looked up by value. */
	indexed?: boolean;
	/** Fields that exist in some releases only. */
	when?: (features: Features) => boolean;
}

export interface Association {
	/** Resource type of the target; `*` for a polymorphic one. */
	target: string;
	many?: boolean;
	/** The association is the other side of `field` of `type`: nothing is stored here. */
	inverse?: { type: string; field: string };
	/** Types that a polymorphic association takes. */
	accepts?: string[];
	required?: boolean;
	/** Sent values are accepted and ignored. */
	ignored?: boolean;
	/** What happens here when the target is deleted. Default: set to null. */
	onDelete?: 'null' | 'cascade';
	/** A record that leaves this to-many association is deleted (`cases.comments`: §3.1). */
	orphanRemoval?: boolean;
	/** Answers show no links for it (webhook topics: recordings `webhooks.create.1`). */
	noLinks?: boolean;
	/** Activities and tags add no filters and sorters (§2.5). */
	notFilterable?: boolean;
	/** Its filter takes a comma list although the target's ids are strings (§2.2: enum options, webhook topics). */
	listFilter?: boolean;
	when?: (features: Features) => boolean;
}

export type Action =
	| 'get_list'
	| 'get'
	| 'create'
	| 'update'
	| 'delete'
	| 'delete_list'
	| 'update_list'
	| 'delete_related';

export interface AttributeFilter {
	/** Takes a comma list although strings normally do not (§2.2). */
	list?: boolean;
	when?: (features: Features) => boolean;
}

export interface Resource {
	type: string;
	idType: 'integer' | 'string' | 'uuid';
	attributes: Record<string, Attribute>;
	associations: Record<string, Association>;
	actions: Action[];
	/** Attributes that can be filtered, besides the id and the associations (§2.4). */
	filters?: Record<string, AttributeFilter>;
	/** Attributes that can be sorted, besides the id and the associations. */
	sorters?: Record<string, { when?: (features: Features) => boolean }>;
	/** Columns of each unique index; a record with a null in one of them never conflicts (§3.6). */
	unique?: string[][];
	/** Attributes in the search index, or `comments.message` for a text of related records (§2.3). */
	searchFields?: string[];
	/** What `meta=title` shows; absent: the resource has no such meta property. */
	title?: (row: Row) => string;
	/** New records get the caller as owner and the caller's organization (§3). */
	owned?: 'user' | 'business unit';
	/** `meta.upsert` may name these fields (§4.2). */
	upsert?: string[][];
	/** Part of the topic names of webhooks: `case` in `case.created`. */
	alias?: string;
	/** How webhook topic labels call it. */
	label?: string;
	/** No relationship of it has links (`asyncoperations`). */
	noRelationshipLinks?: boolean;
	/** The collection address answers 404 with an empty body (`asyncoperations.list.1`). */
	noCollection?: boolean;
	/** Rows are fixed and come in this order, not by id (`webhooktopics.list.1`). */
	fixedOrder?: boolean;
	/** No paging and sorting parameters. */
	unpaged?: boolean;
	/** Releases without the resource answer as for an unknown type. */
	when?: (features: Features) => boolean;
}

export type Schema = Map<string, Resource>;
