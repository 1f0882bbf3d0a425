/** The words of a text, as the search index keeps them: small letters, everything else is a gap. */
export function wordsOf(text: string): string[] {
	return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
