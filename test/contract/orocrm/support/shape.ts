/** The keys, their order and the types of a value; used where the values themselves are chance. */
export function shapeOf(value: unknown): unknown {
	if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
	if (typeof value === 'object' && value !== null) {
		return Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]);
	}
	return value === null ? 'null' : typeof value;
}
