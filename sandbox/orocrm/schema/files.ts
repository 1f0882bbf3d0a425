import { createdAt, owner, string, tags, updatedAt } from './common';
import type { Resource } from './types';

/** Readable through `include` only: the collection is a 405 (orocrm-api.md §9, recording `casecomments.create.attachment.1`). */
export const files: Resource = {
	type: 'files',
	idType: 'integer',
	attributes: {
		uuid: { type: 'string', ignored: true },
		mimeType: string(100),
		originalFilename: string(255, { maxLength: 255 }),
		fileSize: { type: 'integer', ignored: true },
		parentFieldName: { type: 'string', ignored: true },
		externalUrl: string(1024),
		createdAt,
		updatedAt,
		content: { type: 'text' },
	},
	associations: {
		owner: owner(),
		parent: { target: '*', accepts: ['casecomments', 'contacts', 'users', 'attachments'], notFilterable: true },
	},
	actions: ['get'],
	title: (row) => String(row.originalFilename ?? ''),
};

/** Cases are no target unless an administrator enables it (recording `attachments.create.case.1`). */
export const attachments: Resource = {
	type: 'attachments',
	idType: 'integer',
	attributes: { comment: { type: 'text' }, createdAt, updatedAt },
	associations: {
		owner: owner(),
		file: { target: 'files', required: true },
		target: { target: '*', accepts: ['accounts', 'contacts'], notFilterable: true },
		organization: { target: 'organizations' },
	},
	actions: ['get_list', 'get', 'create', 'update', 'delete', 'delete_list'],
	owned: 'user',
};

/** Notes hang on cases by `activityTargets` (orocrm-api.md §9). */
export const notes: Resource = {
	type: 'notes',
	idType: 'integer',
	attributes: { message: { type: 'text', notBlank: true }, createdAt, updatedAt },
	associations: {
		owner: owner(),
		updatedBy: { target: 'users', ignored: true },
		organization: { target: 'organizations' },
		attachment: { target: 'files' },
		activityTargets: {
			target: '*',
			many: true,
			accepts: ['cases', 'contacts', 'accounts', 'users'],
			notFilterable: true,
		},
	},
	actions: ['get_list', 'get', 'create', 'update', 'delete', 'delete_list'],
	owned: 'user',
};

/** E-mails, calls and tasks: known types without records, so that the links of a case lead somewhere. */
export function activity(type: string): Resource {
	return {
		type,
		idType: 'integer',
		attributes: { subject: string(255), createdAt, updatedAt },
		associations: { owner: owner(), activityTargets: { target: '*', many: true, notFilterable: true }, tags },
		actions: ['get_list', 'get'],
	};
}
