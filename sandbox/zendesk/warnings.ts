/** `X-Zendesk-API-Warn`: keys of a request that were not understood and left out (zendesk-api.md §1). */

export interface Accepted {
	controller: string;
	action: string;
	/** By the body's top-level key: the keys below it that are understood, or `any`. */
	keys: Record<string, readonly string[] | 'any'>;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** First the keys below a top-level key, then that key itself when it is unknown too (R:users.delete.1). */
export function unpermittedKeys(body: unknown, accepted: Accepted['keys']): string[] {
	if (!isObject(body)) return [];
	const found: string[] = [];
	for (const [name, value] of Object.entries(body)) {
		const permitted = accepted[name];
		if (permitted === 'any') continue;
		if (isObject(value)) {
			found.push(
				...Object.keys(value)
					.filter((key) => !permitted?.includes(key))
					.map((key) => `${name}.${key}`),
			);
		}
		if (!permitted) found.push(name);
	}
	return found;
}

/** The header's value, in the form of a Ruby hash, or undefined when all was understood. */
export function warning(body: unknown, accepted: Accepted): string | undefined {
	const keys = unpermittedKeys(body, accepted.keys);
	if (keys.length === 0) return undefined;
	const list = keys.map((key) => JSON.stringify(key)).join(', ');
	return `{:allowed_parameters=>{:controller=>"${accepted.controller}", :action=>"${accepted.action}", :unpermitted_keys=>[${list}], :invalid_values=>[]}}`;
}
