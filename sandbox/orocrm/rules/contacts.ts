import { addFieldError, addRecordError, valueOf, type PlanItem } from '../write/plan';
import { isEmail } from './email';

const HAS_INFORMATION = 'At least one of the fields First name, Last name, Emails or Phones must be defined.';

/** orocrm-api.md §3.3 "Rules". Brings the list of addresses and the primary one together, then checks them. */
export function validateContact(item: PlanItem): void {
	joinPrimary(item, 'emails', 'primaryEmail', 'email address');
	joinPrimary(item, 'phones', 'primaryPhone', 'phone number');
	if (item.values.has('emails') && !item.fieldErrors.has('primaryEmail')) {
		(item.values.get('emails') as string[]).forEach((email, i) => {
			if (!isEmail(email)) {
				addFieldError(item, 'emails', 'email constraint', 'This value is not a valid email address.', `/${i}/email`);
			}
		});
	}
	const known = ['firstName', 'lastName', 'emails', 'phones'].some((field) => {
		const value = valueOf(item, field);
		return Array.isArray(value) ? value.length > 0 : Boolean(value);
	});
	if (!known) addRecordError(item, 'has contact information constraint', HAS_INFORMATION);
}

function joinPrimary(item: PlanItem, listField: string, primaryField: string, what: string): void {
	const list = item.values.get(listField) as string[] | undefined;
	const primary = item.values.get(primaryField) as string | null | undefined;
	if (list === undefined && primary === undefined) return;
	if (list === undefined) {
		const before = (item.existing?.[listField] as string[] | undefined) ?? [];
		if (primary && !before.includes(primary)) item.values.set(listField, [...before, primary]);
		return;
	}
	if (primary) {
		if (!list.includes(primary))
			addFieldError(item, primaryField, 'primary item constraint', `Unknown primary ${what}.`);
		return;
	}
	if (list.length === 0) {
		item.values.set(primaryField, null);
		return;
	}
	const before = item.existing?.[primaryField] as string | null | undefined;
	if (primary === undefined && before && list.includes(before)) return;
	const plural = listField === 'emails' ? 'emails' : 'phones';
	addFieldError(item, listField, 'contains primary constraint', `One of the ${plural} must be set as primary.`);
}
