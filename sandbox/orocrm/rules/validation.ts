import { addFieldError, addRecordError, isPlanItem, valueOf, type PlanItem } from '../write/plan';
import type { Attribute } from '../schema/types';
import type { Store } from '../store/store';
import { validateContact } from './contacts';
import { isEmail } from './email';
import { validateFile } from './files';

const BLANK = 'This value should not be blank.';

/** The rules of the form, after the values are in it. All errors of a record at once (orocrm-api.md §1.5). */
export function validate(store: Store, item: PlanItem): void {
	for (const [name, attribute] of Object.entries(item.resource.attributes)) {
		if (!item.fieldErrors.has(name)) validateAttribute(item, name, attribute, valueOf(item, name));
	}
	for (const [name, association] of Object.entries(item.resource.associations)) {
		if (!association.required || item.fieldErrors.has(name)) continue;
		const value = valueOf(item, name);
		if (value === null || value === undefined) addFieldError(item, name, 'not blank constraint', BLANK);
	}
	validateExternalId(store, item);
	if (item.resource.type === 'contacts') validateContact(item);
	if (item.resource.type === 'users') validateLogin(store, item);
	if (item.resource.type === 'files') validateFile(item, store.fileRules);
	refuse(store, item);
}

function validateAttribute(item: PlanItem, name: string, attribute: Attribute, value: unknown): void {
	if (attribute.notBlank && (value === null || value === undefined || value === '')) {
		addFieldError(item, name, 'not blank constraint', BLANK);
		return;
	}
	if (typeof value !== 'string' || value === '') return;
	const length = attribute.maxLength || attribute.minLength ? [...value].length : 0;
	if (attribute.maxLength && length > attribute.maxLength) {
		const detail = `This value is too long. It should have ${attribute.maxLength} characters or less.`;
		addFieldError(item, name, 'length constraint', detail);
	}
	if (attribute.minLength && length < attribute.minLength) {
		const detail = `This value is too short. It should have ${attribute.minLength} characters or more.`;
		addFieldError(item, name, 'length constraint', detail);
	}
	if (attribute.email && !isEmail(value)) {
		addFieldError(item, name, 'email constraint', 'This value is not a valid email address.');
	}
	if (attribute.url && !/^https?:\/\/[^\s/]+\S*$/i.test(value)) {
		addFieldError(item, name, 'url constraint', 'This value is not a valid URL.');
	}
	if (attribute.oneOf && !attribute.oneOf.includes(value)) {
		addFieldError(item, name, 'choice constraint', 'The value you selected is not a valid choice.');
	}
}

/**
 * A look-up in the form, without an index behind it: of several at the same moment, more than one can pass
 * (orocrm-api.md §3.1). An empty text is a value like any other, capitals count.
 */
function validateExternalId(store: Store, item: PlanItem): void {
	const checked = ['cases', 'contacts', 'accounts', 'users'].includes(item.resource.type);
	const value = item.values.get('externalId');
	if (!checked || value === null || value === undefined) return;
	const others = store.table(item.resource.type).index('externalId')!.ids(value);
	if (others.some((id) => id !== item.existing?.id)) {
		addRecordError(item, 'unique entity constraint', 'Value for field "External ID" must be unique');
	}
}

function validateLogin(store: Store, item: PlanItem): void {
	for (const field of ['username', 'email']) {
		const value = item.values.get(field);
		if (typeof value !== 'string' || item.fieldErrors.has(field)) continue;
		const others = store.table('users').index(field)!.ids(value);
		if (others.some((id) => id !== item.existing?.id)) {
			addFieldError(item, field, 'unique entity constraint', 'This value is already used.');
		}
	}
}

/** The rules that a test or a person added with `store.refuse`. */
function refuse(store: Store, item: PlanItem): void {
	for (const rule of store.refusalsOf(item.resource.type)) {
		const value = item.values.get(rule.field);
		if (value === undefined || isPlanItem(value)) continue;
		if (!rule.pattern || new RegExp(rule.pattern).test(String(value))) {
			addFieldError(item, rule.field, rule.title, rule.detail);
		}
	}
}
