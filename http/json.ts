/** Where a text begins, and numbers of JSON with fraction and exponent: 0.30000000000000004 is no long id. */
const QUOTE_OR_NUMBER = /"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Numbers of 16 and more digits: JavaScript would round them, and a rounded id is another record. */
const LONG_WHOLE_NUMBER = /^-?\d{16,}$/;

/**
 * Parses JSON. Whole numbers that JavaScript can't hold exactly become strings. Undefined when the text is no JSON.
 */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(/\d{16,}/.test(text) ? keepLongNumbers(text) : text);
	} catch {
		return undefined;
	}
}

function keepLongNumbers(text: string): string {
	const tokens = new RegExp(QUOTE_OR_NUMBER);
	const pieces: string[] = [];
	let copied = 0;
	for (let token = tokens.exec(text); token; token = tokens.exec(text)) {
		const [part] = token;
		if (part === '"') {
			// A text is left alone. Not by an expression: over megabytes it would need more stack than there is.
			tokens.lastIndex = endOfText(text, token.index + 1);
		} else if (LONG_WHOLE_NUMBER.test(part) && !Number.isSafeInteger(Number(part))) {
			pieces.push(text.slice(copied, token.index), `"${part}"`);
			copied = tokens.lastIndex;
		}
	}
	return pieces.join('') + text.slice(copied);
}

/** Where the text ends that begins here: behind the next quote that no backslash escapes. */
function endOfText(text: string, begin: number): number {
	for (let quote = text.indexOf('"', begin); quote >= 0; quote = text.indexOf('"', quote + 1)) {
		let escapes = 0;
		while (quote - 1 - escapes >= begin && text[quote - 1 - escapes] === '\\') escapes += 1;
		if (escapes % 2 === 0) return quote + 1;
	}
	return text.length;
}
