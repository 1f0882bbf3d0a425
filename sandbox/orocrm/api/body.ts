import { ApiError, requestData } from '../errors';
import type { JsonObject } from '../write/request-data';
import type { Call } from './call';

/** The document in the body of a write, or 400 when there is none or it is broken (orocrm-api.md §1.5). */
export function documentOf(call: Call): JsonObject {
	if (call.body === undefined || call.body.trim() === '') throw noData();
	let document: unknown;
	try {
		document = JSON.parse(call.body);
	} catch {
		throw new ApiError([
			{ status: 400, title: 'bad request http exception', detail: 'Invalid json message received.' },
		]);
	}
	if (typeof document !== 'object' || document === null || Object.keys(document).length === 0) throw noData();
	return document as JsonObject;
}

function noData(): ApiError {
	return new ApiError([requestData('The request data should not be empty.')]);
}
