import { ApiError } from '../errors';

/** One query parameter, taken apart: `filter[relatedCase.id][gt]=5` has the path filter, relatedCase.id, gt. */
export interface Parameter {
	/** As it was written, for error messages and links. */
	key: string;
	path: string[];
	value: string;
	/** `>=` and the like of 5.1's `filter[id]>=5`. */
	comparison?: string;
}

const COMPARISON = /^(>=|<=|<>|!=|>|<)(.*)$/s;

/**
 * Reads a query string as PHP does: the last one of equal keys wins, what follows the last bracket is lost.
 * With `comparisonSyntax` (5.1, 6.0) `filter[id]>=5` is an operator; later it is read as `filter[id]=5` (orocrm-api.md §2.2).
 */
export function parseQuery(query: string, comparisonSyntax: boolean): Parameter[] {
	const parameters = new Map<string, Parameter>();
	for (const part of query.split('&')) {
		if (part === '') continue;
		const text = decode(part);
		const bracketEnd = text.lastIndexOf(']', text.indexOf('=') < 0 ? undefined : text.indexOf('='));
		let [key, value] = splitAt(text, text.indexOf('=', Math.max(bracketEnd, 0)));
		let comparison: string | undefined;
		const tail = bracketEnd >= 0 ? text.slice(bracketEnd + 1) : '';
		if (bracketEnd >= 0 && tail !== '' && !tail.startsWith('=')) {
			const match = COMPARISON.exec(tail);
			if (comparisonSyntax && match) {
				comparison = match[1]!;
				value = match[2]!;
			}
			key = text.slice(0, bracketEnd + 1);
		}
		const parameter: Parameter = { key, path: pathOf(key), value };
		if (comparison) parameter.comparison = comparison;
		parameters.delete(key);
		parameters.set(key, parameter);
	}
	return [...parameters.values()];
}

/**
 * The parameters in the body of a GET that came as POST with `X-HTTP-Method-Override` (orocrm-api.md §1.1, §9).
 * Every value must be a text; a number is a 500 (recording `override.zendesktickets.list.number.1`).
 */
export function parametersOfBody(body: unknown): Parameter[] {
	const parameters: Parameter[] = [];
	const walk = (value: unknown, path: string[]): void => {
		if (typeof value === 'string') {
			parameters.push({ key: keyOf(path), path, value });
		} else if (typeof value === 'object' && value !== null) {
			for (const [name, inner] of Object.entries(value)) walk(inner, [...path, name]);
		} else if (path.length > 0) {
			throw new ApiError([
				{
					status: 500,
					title: 'unexpected value exception',
					detail: `Expected string value for the filter "${keyOf(path)}", given "${phpType(value)}".`,
				},
			]);
		}
	};
	walk(body, []);
	return parameters;
}

export function keyOf(path: string[]): string {
	return (
		path[0]! +
		path
			.slice(1)
			.map((part) => `[${part}]`)
			.join('')
	);
}

function pathOf(key: string): string[] {
	const start = key.indexOf('[');
	if (start < 0) return [key];
	return [key.slice(0, start), ...[...key.slice(start).matchAll(/\[([^\]]*)\]/g)].map((match) => match[1]!)];
}

function splitAt(text: string, at: number): [string, string] {
	return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(text: string): string {
	const spaced = text.replace(/\+/g, ' ');
	try {
		return decodeURIComponent(spaced);
	} catch {
		return spaced;
	}
}

function phpType(value: unknown): string {
	if (value === null) return 'null';
	if (typeof value === 'boolean') return 'bool';
	return Number.isInteger(value) ? 'int' : 'float';
}
