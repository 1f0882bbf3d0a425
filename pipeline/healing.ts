import { ApiError } from '../http/api-error';
import type { Result } from '../sync/pair';

/** Says that something that was there twice is gone. */
export function healed(result: Result, words: string): void {
	result.notes.push(words);
	if (result.outcome === 'unchanged' || result.outcome === 'skipped') {
		result.outcome = 'updated';
		result.summary = words;
	}
}

/** Says that something is there twice, why, and what a person can do. */
export function leaves(result: Result, field: 'contact' | 'ticket record', reason: string): void {
	result.skipped.push({ field, reason });
	if (result.outcome !== 'unchanged') return;
	result.outcome = 'skipped';
	result.summary = `Passed over: ${reason}.`;
}

/** A refusal is no failure of the pair, which is in step; trouble of the whole server is, and is thrown. */
export function unremoved(what: string, kinds: string, error: unknown): string {
	if (!(error instanceof ApiError) || (error.concernsEverything && error.status !== 403)) throw error;
	return `the second ${what} could not be removed: ${error.words} Remove it by hand${error.status === 403 ? `, or give the credential’s user the right to delete ${kinds}` : ''}`;
}
