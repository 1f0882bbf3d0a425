/** Texts, which are left alone, and whole numbers of JSON with fraction and exponent: 0.30000000000000004 is no long id. */
const TEXT_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
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
	return text.replace(TEXT_OR_NUMBER, (part) => (LONG_WHOLE_NUMBER.test(part) && !Number.isSafeInteger(Number(part)) ? `"${part}"` : part));
}
