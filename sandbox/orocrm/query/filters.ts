import type { ErrorItem } from '../errors';
import { filterError, filterNotSupported } from '../errors';
import type { Association, AttributeType, Resource, Schema } from '../schema/types';
import type { Parameter } from './parameters';
import { BadValue, parseBoolean, parseFilterValue, type FilterValue } from './values';

/** A condition on a field, maybe of an associated record: `relatedCase.externalId` is path [relatedCase], field externalId. */
export interface Condition {
	path: string[];
	/** An attribute, an association or `id` of the resource at the end of the path. */
	field: string;
	operator: string;
	value: FilterValue | { kind: 'exists'; exists: boolean };
}

export interface ParsedFilters {
	conditions: Condition[];
	/** `filter[searchText]` and `filter[searchQuery]`. */
	search?: { kind: 'text' | 'query'; text: string; parameter: string };
	errors: ErrorItem[];
	/** Reported only when nothing else is wrong: operators are checked later than values and sorting. */
	operatorErrors: ErrorItem[];
}

const OPERATORS = new Set([
	'eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'exists', 'neq_or_null', 'contains', 'not_contains',
	'starts_with', 'not_starts_with', 'ends_with', 'not_ends_with', 'empty',
]); // prettier-ignore

const EQUALITY = ['eq', 'neq', 'exists', 'neq_or_null'];
const COMPARABLE = [...EQUALITY, 'lt', 'lte', 'gt', 'gte'];
const COMPARISON_NAMES: Record<string, string> = {
	'>': 'gt',
	'>=': 'gte',
	'<': 'lt',
	'<=': 'lte',
	'<>': 'neq',
	'!=': 'neq',
};

/** Finds out what each filter parameter asks for (orocrm-api.md §2.2, §2.4, §2.5). */
export class FilterParser {
	constructor(
		private readonly schema: Schema,
		private readonly severalOperators: boolean,
	) {}

	parse(resource: Resource, parameters: Parameter[]): ParsedFilters {
		const result: ParsedFilters = { conditions: [], errors: [], operatorErrors: [] };
		for (const parameter of this.effective(parameters)) this.parseOne(resource, parameter, result);
		return result;
	}

	/** Before 6.1 the last operator on a field wins (§2.2). */
	private effective(parameters: Parameter[]): Parameter[] {
		if (this.severalOperators) return parameters;
		const last = new Map<string, Parameter>();
		for (const parameter of parameters) last.set(splitOperator(parameter).names.join('.'), parameter);
		return [...last.values()];
	}

	private parseOne(resource: Resource, parameter: Parameter, result: ParsedFilters): void {
		const { names, operator } = splitOperator(parameter);
		if (names.length === 1 && resource.searchFields && (names[0] === 'searchText' || names[0] === 'searchQuery')) {
			if (parameter.value === '') {
				result.errors.push(filterError(parameter.key, 'Expected not empty string value. Given "".'));
				return;
			}
			const kind = names[0] === 'searchText' ? 'text' : 'query';
			result.search = { kind, text: parameter.value, parameter: parameter.key };
			return;
		}
		const field = this.find(resource, names);
		if (!field) {
			result.errors.push(filterNotSupported(parameter.key));
			return;
		}
		if (!field.operators.includes(operator)) {
			const detail = `The operator "${operator}" is not supported.`;
			result.operatorErrors.push(filterError(parameter.key, detail));
			return;
		}
		try {
			const value: Condition['value'] =
				operator === 'exists'
					? { kind: 'exists', exists: parseBoolean(parameter.value) }
					: parseFilterValue(parameter.value, field);
			result.conditions.push({ path: names.slice(0, -1), field: names[names.length - 1]!, operator, value });
		} catch (error) {
			if (!(error instanceof BadValue)) throw error;
			result.errors.push(filterError(parameter.key, error.message));
		}
	}

	private find(
		start: Resource,
		names: string[],
	): { type: AttributeType; list: boolean; operators: string[] } | undefined {
		let resource = start;
		for (const name of names.slice(0, -1)) {
			const association = resource.associations[name];
			const target = association && !association.notFilterable && this.schema.get(association.target);
			if (!target) return undefined;
			resource = target;
		}
		const name = names[names.length - 1]!;
		if (name === 'id') {
			const type = resource.idType === 'integer' ? 'integer' : 'string';
			return { type, list: true, operators: type === 'integer' ? COMPARABLE : EQUALITY };
		}
		const filter = resource.filters?.[name];
		const attribute = resource.attributes[name];
		if (filter && attribute) {
			const comparable = ['integer', 'bigint', 'datetime', 'date'].includes(attribute.type);
			const list = filter.list ?? (attribute.type === 'integer' || attribute.type === 'datetime');
			return { type: attribute.type, list, operators: comparable ? COMPARABLE : EQUALITY };
		}
		const association = resource.associations[name];
		return association && !association.notFilterable ? this.ofAssociation(association) : undefined;
	}

	/** A filter on an association takes the type of the target's id: string ids take no list (§2.2). */
	private ofAssociation(
		association: Association,
	): { type: AttributeType; list: boolean; operators: string[] } | undefined {
		const target = this.schema.get(association.target);
		if (!target) return undefined;
		const integer = target.idType === 'integer';
		const operators = association.many ? [...EQUALITY, 'contains', 'not_contains'] : EQUALITY;
		return { type: integer ? 'integer' : 'string', list: integer || association.listFilter === true, operators };
	}
}

/** `filter[a.b][gt]`, `filter[a][b][gt]` and `filter[a.b]` alike (orocrm-api.md §2.2). */
function splitOperator(parameter: Parameter): { names: string[]; operator: string } {
	const parts = parameter.path.slice(1);
	let operator = parameter.comparison ? (COMPARISON_NAMES[parameter.comparison] ?? 'eq') : 'eq';
	if (parts.length > 1 && OPERATORS.has(parts[parts.length - 1]!)) operator = parts.pop()!;
	return { names: parts.flatMap((part) => part.split('.')), operator };
}
