/** A search expression that OroCRM does not understand: 400 with this text (orocrm-api.md §2.3). */
export class SearchSyntaxError extends Error {}

export type SearchExpression =
	| { kind: 'and'; parts: SearchExpression[] }
	| { kind: 'or'; parts: SearchExpression[] }
	| { kind: 'condition'; field: string; operator: string; value: string };

interface Token {
	kind: 'name' | 'string' | 'number' | 'operator' | 'punctuation' | 'end';
	text: string;
	position: number;
}

const OPERATORS = ['!~', '!=', '~', '='];

/** Reads `subject ~ "first" or (allText ~ "x" and …)`. `and` binds closer than `or`. */
export function parseSearchQuery(text: string, knowsField: (field: string) => boolean): SearchExpression {
	const tokens = tokenize(text);
	let at = 0;
	const next = (): Token => tokens[at]!;
	const unexpected = (token: Token): SearchSyntaxError =>
		new SearchSyntaxError(`Unexpected token "${token.kind}" in where statement around position ${token.position}.`);

	const any = (): SearchExpression => chain('or', () => chain('and', one));
	const chain = (word: 'and' | 'or', part: () => SearchExpression): SearchExpression => {
		const parts = [part()];
		while (next().kind === 'name' && next().text.toLowerCase() === word) {
			at += 1;
			parts.push(part());
		}
		return parts.length === 1 ? parts[0]! : ({ kind: word, parts } as SearchExpression);
	};
	const one = (): SearchExpression => {
		if (next().text === '(') {
			at += 1;
			const inner = any();
			if (next().text !== ')') throw unexpected(next());
			at += 1;
			return inner;
		}
		const field = next();
		if (field.kind !== 'name') throw unexpected(field);
		if (!knowsField(field.text)) throw new SearchSyntaxError(`The field "${field.text}" is not supported.`);
		const operator = tokens[at + 1]!;
		if (operator.kind !== 'operator') throw unexpected(operator);
		const value = tokens[at + 2]!;
		if (value.kind !== 'string' && value.kind !== 'number' && value.kind !== 'name') throw unexpected(value);
		at += 3;
		return { kind: 'condition', field: field.text, operator: operator.text, value: value.text };
	};

	const expression = any();
	if (next().kind !== 'end') throw unexpected(next());
	return expression;
}

function tokenize(text: string): Token[] {
	const tokens: Token[] = [];
	let at = 0;
	while (at < text.length) {
		const rest = text.slice(at);
		const match =
			/^\s+/.exec(rest) ??
			/^"(?:[^"\\]|\\.)*"|^'[^']*'/.exec(rest) ??
			/^\d+(?:\.\d+)?(?![\w.])/.exec(rest) ??
			/^[\w.@-]+/.exec(rest) ??
			/^./s.exec(rest)!;
		const found = match[0];
		const position = at + 1;
		const operator = OPERATORS.find((one) => rest.startsWith(one));
		if (found.trim() === '') at += found.length;
		else if (/^["']/.test(found) && found.length > 1) {
			tokens.push({ kind: 'string', text: found.slice(1, -1).replace(/\\(.)/g, '$1'), position });
			at += found.length;
		} else if (operator) {
			tokens.push({ kind: 'operator', text: operator, position });
			at += operator.length;
		} else {
			const kind = /^\d+(\.\d+)?$/.test(found) ? 'number' : /^[\w.@-]+$/.test(found) ? 'name' : 'punctuation';
			tokens.push({ kind, text: found, position });
			at += found.length;
		}
	}
	tokens.push({ kind: 'end', text: '', position: text.length + 1 });
	return tokens;
}
