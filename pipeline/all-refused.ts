import { ApiError } from '../http/api-error';

/**
 * So many refusals for lack of rights, too many requests or trouble of the server's own (403, 429, 5xx): such a status says nothing of the
 * item, so few of them are believed.
 */
const SEVERAL = 3;
/** So many for a value (400, 422): a few items can share one bad value, a whole batch hardly does. */
const MANY = 10;

/** How an item was refused: two of the same kind give the same. What is no refusal of a server's is like nothing but itself. */
export function refusalOf(error: Error): unknown {
	if (!(error instanceof ApiError) || error.status === undefined) return error;
	const { service, status } = error;
	if (status === 403 || status === 429 || status >= 500) return `${service} ${status}`;
	if (status === 400 || status === 422) return `${service} ${status}\n${[error.words, ...error.pointers].join('\n').replace(/\d+/g, '#')}`;
	return error;
}

/**
 * Tells trouble of the whole batch from bad items: when several items were tried, none went well, and all were refused in the same way, then it
 * isn't the items that are bad. The run fails as a whole, and the trigger hands the batch out again, instead of noting every item as a failed one.
 *
 * @param errors of all items that were tried and failed
 * @param wentWell whether any item that was tried went well
 * @throws ApiError the first of the refusals, with advice that says how many there were
 */
export function stopWhenAllIsRefused(errors: readonly Error[], wentWell: boolean): void {
	const [first] = errors;
	if (wentWell || !(first instanceof ApiError)) return;
	const isForAValue = first.status === 400 || first.status === 422;
	if (errors.length < (isForAValue ? MANY : SEVERAL)) return;
	const kind = refusalOf(first);
	if (errors.some((error) => refusalOf(error) !== kind)) return;
	const advice = `${first.advice} All ${errors.length} that were tried were refused so: none counts as a failed item, and they come again.`.trim();
	throw new ApiError(first.service, first.request, first.status, first.words, advice, first.pointers, first.code);
}
