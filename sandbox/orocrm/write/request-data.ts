import { conflict, requestData, type ErrorItem } from '../errors';

export type JsonObject = Record<string, unknown>;

/** A resource object as it was sent, already known to be well-formed. */
export interface SentResource {
	type: string;
	id?: string;
	meta?: JsonObject;
	attributes?: JsonObject;
	relationships?: Record<string, { data: unknown }>;
}

const RESOURCE_PROPERTIES = new Set(['type', 'id', 'meta', 'attributes', 'relationships', 'links']);

/**
 * Checks the shape of a request document before anything in it is looked at, with OroCRM's words (orocrm-api.md §1.5;
 * order and texts as in oroinc/platform `ApiBundle/Request/JsonApi/TypedRequestDataValidator` and its parents).
 */
export class RequestDataValidator {
	readonly errors: ErrorItem[] = [];

	/** `id`: the id in the address of a PATCH; absent for a POST. */
	validateResource(document: JsonObject, type: string, id?: string): void {
		if (!this.primaryExists(document, 'object')) return;
		const data = document.data as JsonObject;
		this.structure(data, '/data');
		if (id === undefined) {
			if (this.requiredString(data, 'type', '/data')) this.matchesType(data, type, '/data');
			this.notBlankString(data, 'id', '/data');
		} else if (this.typeAndId(data, '/data')) {
			this.matchesType(data, type, '/data');
			this.matchesId(data, id, '/data');
		}
		this.fields(data, '/data');
		this.included(document);
	}

	/** The document of a batch: many resources. */
	validateCollection(document: JsonObject, type: string): void {
		if (!this.primaryExists(document, 'object collection')) return;
		if (Array.isArray(document.data)) {
			document.data.forEach((item: unknown, i) => {
				const pointer = `/data/${i}`;
				if (!isArrayLike(item)) {
					this.add('The primary resource object should be an object', pointer);
					return;
				}
				this.structure(item, pointer);
				if (this.requiredString(item, 'type', pointer)) this.matchesType(item, type, pointer);
				this.notBlankString(item, 'id', pointer);
				this.fields(item, pointer);
			});
		} else this.add('The primary data object collection should be an array', '/data');
		this.included(document);
	}

	/** Attributes and relationships of an included resource are looked at when it is processed. */
	validateIncludedFields(item: JsonObject, pointer: string): void {
		this.fields(item, pointer);
	}

	private primaryExists(document: JsonObject, what: string): boolean {
		if (!('data' in document)) return this.add(`The primary data ${what} should exist`, '/data');
		const { data } = document;
		if (!data || (typeof data === 'object' && Object.keys(data).length === 0)) {
			return this.add(`The primary data ${what} should not be empty`, '/data');
		}
		if (typeof data !== 'object') return this.add(`The primary data ${what} should not be empty`, '/data');
		return true;
	}

	private structure(item: JsonObject, pointer: string): void {
		if (Array.isArray(item)) return;
		for (const property of Object.keys(item)) {
			if (!RESOURCE_PROPERTIES.has(property)) {
				this.add(`The '${property}' property is not allowed for a resource object`, pointer);
			}
		}
		for (const section of ['meta', 'links']) {
			if (section in item) this.array(item, section, pointer, { notEmpty: false, associative: true });
		}
	}

	private typeAndId(item: JsonObject, pointer: string): boolean {
		const type = this.requiredString(item, 'type', pointer);
		const id = this.requiredString(item, 'id', pointer);
		return type && id;
	}

	private matchesType(item: JsonObject, type: string, pointer: string): void {
		if (item.type === type) return;
		const detail = "The 'type' property of the primary data object should match the requested resource";
		this.errors.push(conflict(detail, `${pointer}/type`));
	}

	private matchesId(item: JsonObject, id: string, pointer: string): void {
		if (item.id === id) return;
		const detail = "The 'id' property of the primary data object should match 'id' parameter of the query string";
		this.errors.push(conflict(detail, `${pointer}/id`));
	}

	private requiredString(item: JsonObject, property: string, pointer: string): boolean {
		if (property in item) return this.notBlankString(item, property, pointer);
		return this.add(`The '${property}' property is required`, `${pointer}/${property}`);
	}

	private notBlankString(item: JsonObject, property: string, pointer: string): boolean {
		if (!(property in item)) return true;
		const value = item[property];
		const at = `${pointer}/${property}`;
		if (value === null) return this.add(`The '${property}' property should not be null`, at);
		if (typeof value !== 'string') return this.add(`The '${property}' property should be a string`, at);
		if (value.trim() === '') return this.add(`The '${property}' property should not be blank`, at);
		return true;
	}

	private fields(item: JsonObject, pointer: string): void {
		const strict = { notEmpty: true, associative: true };
		if ('attributes' in item) this.array(item, 'attributes', pointer, strict);
		if ('relationships' in item && this.array(item, 'relationships', pointer, strict)) {
			for (const [name, relationship] of Object.entries(item.relationships as JsonObject)) {
				this.relationship(relationship, `${pointer}/relationships/${name}`);
			}
		}
	}

	private relationship(relationship: unknown, pointer: string): void {
		if (!isArrayLike(relationship) || !('data' in relationship)) {
			this.add("The relationship should have 'data' property", pointer);
			return;
		}
		const { data } = relationship;
		if (data === null || !this.array(relationship, 'data', pointer, { notEmpty: false, associative: false })) return;
		this.identifiers(data, `${pointer}/data`);
	}

	/** One identifier or a list of them; also the body of a relationship address. */
	identifiers(data: unknown, pointer: string): void {
		if (Array.isArray(data)) {
			data.forEach((one: unknown, i) => {
				this.typeAndId(isArrayLike(one) ? one : {}, `${pointer}/${i}`);
			});
		} else if (isArrayLike(data) && Object.keys(data).length > 0) this.typeAndId(data, pointer);
	}

	private included(document: JsonObject): void {
		if (!('included' in document)) return;
		if (!this.array(document, 'included', '', { notEmpty: true, associative: false })) return;
		Object.values(document.included as JsonObject).forEach((item, i) => {
			const pointer = `/included/${i}`;
			if (isArrayLike(item)) {
				this.structure(item, pointer);
				this.typeAndId(item, pointer);
			} else this.add('The related resource should be an object', pointer);
		});
	}

	private array(
		item: JsonObject,
		property: string,
		pointer: string,
		rules: { notEmpty: boolean; associative: boolean },
	): boolean {
		const value = item[property];
		const at = `${pointer}/${property}`;
		if (!isArrayLike(value)) return this.add(`The '${property}' property should be an array`, at);
		const size = Object.keys(value).length;
		if (rules.notEmpty && size === 0) return this.add(`The '${property}' property should not be empty`, at);
		if (rules.associative && size > 0 && Array.isArray(value)) {
			return this.add(`The '${property}' property should be an associative array`, at);
		}
		return true;
	}

	private add(detail: string, pointer: string): false {
		this.errors.push(requestData(detail, pointer));
		return false;
	}
}

/** To PHP a JSON object and a JSON array are both arrays. */
function isArrayLike(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null;
}
