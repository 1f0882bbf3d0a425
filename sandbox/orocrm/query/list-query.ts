import { ApiError, filterError, filterNotSupported, type ErrorItem } from '../errors';
import type { Resource } from '../schema/types';
import type { Store } from '../store/store';
import type { Features } from '../version';
import { FilterParser, type ParsedFilters } from './filters';
import type { Parameter } from './parameters';
import { parseSort, type SortField } from './sorting';

/** What the parameters of a request ask for. */
export interface ListQuery {
	filters: ParsedFilters;
	sort: SortField[];
	/** True when the request named an order; a search is ordered by relevance otherwise. */
	sorted: boolean;
	pageNumber: number;
	/** Rows a page; -1 is all. */
	pageSize: number;
	include: string[][];
	/** Per type, the fields to show. */
	fields: Map<string, Set<string>>;
	metaTitle: boolean;
	/** The parameters in the order of links (orocrm-api.md §2.1). */
	parameters: Parameter[];
}

/** Which groups of parameters an address takes. */
export interface Accepts {
	filters: boolean;
	list: boolean;
}

/**
 * Reads all parameters; any that is unknown is an error. Errors of filters hide an error of the sorting, as measured
 * (orocrm-api.md §1.5, "Order").
 */
export function readListQuery(
	store: Store,
	resource: Resource,
	parameters: Parameter[],
	features: Features,
	accepts: Accepts,
): ListQuery {
	const errors: ErrorItem[] = [];
	const query: ListQuery = {
		filters: { conditions: [], errors: [], operatorErrors: [] },
		sort: [{ path: ['id'], descending: false }],
		sorted: false,
		pageNumber: 1,
		pageSize: resource.unpaged ? -1 : 10,
		include: [],
		fields: new Map(),
		metaTitle: false,
		parameters,
	};
	const filters: Parameter[] = [];
	let sort: string | undefined;
	for (const parameter of parameters) {
		const [group, name] = parameter.path as [string, string | undefined];
		if (group === 'filter' && accepts.filters && parameter.path.length > 1) filters.push(parameter);
		else if (group === 'sort' && accepts.list && !resource.unpaged && parameter.path.length === 1)
			sort = parameter.value;
		else if (group === 'page' && accepts.list && !resource.unpaged) readPage(query, parameter, errors);
		else if (group === 'include' && name === undefined && Object.keys(resource.associations).length > 0) {
			query.include = parameter.value
				.split(',')
				.filter(Boolean)
				.map((path) => path.trim().split('.'));
		} else if (group === 'fields' && name !== undefined && parameter.path.length === 2) {
			if (!store.schema.has(name)) errors.push(filterError(parameter.key, 'An entity type is not known.'));
			query.fields.set(name, new Set(parameter.value.split(',').map((field) => field.trim())));
		} else if (group === 'meta' && name === undefined && resource.title) {
			query.metaTitle = parameter.value.split(',').includes('title');
		} else errors.push(filterNotSupported(parameter.key));
	}
	query.filters = new FilterParser(store.schema, features.severalOperators).parse(resource, filters);
	errors.push(...query.filters.errors);
	if (errors.length > 0) throw new ApiError(errors);
	if (sort !== undefined && sort !== '') {
		const parsed = parseSort(store, resource, sort, features.nestedSort);
		if (parsed.errors.length > 0) throw new ApiError(parsed.errors);
		query.sort = parsed.fields;
		query.sorted = true;
	}
	if (query.filters.operatorErrors.length > 0) throw new ApiError(query.filters.operatorErrors);
	return query;
}

function readPage(query: ListQuery, parameter: Parameter, errors: ErrorItem[]): void {
	const name = parameter.path[1];
	if ((name !== 'number' && name !== 'size') || parameter.path.length !== 2) {
		errors.push(filterNotSupported(parameter.key));
		return;
	}
	if (!/^-?\d+$/.test(parameter.value)) {
		const emptyOr = parameter.value === '' ? 'not empty integer' : 'integer';
		errors.push(filterError(parameter.key, `Expected ${emptyOr} value. Given "${parameter.value}".`));
		return;
	}
	const value = Number(parameter.value);
	const least = name === 'number' ? 1 : -1;
	if (value < least) {
		errors.push(filterError(parameter.key, `The value should be greater than or equals to ${least}.`));
	} else if (name === 'number') query.pageNumber = value;
	else query.pageSize = value;
}
