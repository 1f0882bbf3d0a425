/** Numbers of 16 and more digits: JavaScript would round them, and a rounded id is another record. */
const LONG_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

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
	return text.replace(LONG_NUMBER, (part) => (part.startsWith('"') || Number.isSafeInteger(Number(part)) ? part : `"${part}"`));
}
