import { idList, type Api } from './api';
import { notFound, tooManyNamed, tooManyValues } from './errors';
import { jobAnswer, type JobWords } from './job-routes';
import type { ApiRequest } from './router';
import { nameOf, userChanges } from './user-input';

const CREATE: JobWords = { job_type: 'Bulk Create User', beginning: 'Creating Users', step: 'Creating User' };
/** Deletions are "Bulk Update User" too (R:users.destroy_many.1). */
const UPDATE: JobWords = { job_type: 'Bulk Update User', beginning: 'Updating Users', step: 'Updating User' };

/** zendesk-api.md §11. */
export function bulkUserRoutes(api: Api): void {
	const { router, store } = api;
	const accepts = (action: string, keys: Record<string, 'any'>) => ({ controller: 'users', action, keys });
	router.add('POST', 'users/create_many', { accepts: accepts('create_many', { users: 'any' }) }, (request) =>
		jobAnswer(
			api,
			CREATE,
			listIn(request),
			(input) => {
				const user = store.createUser({ ...userChanges(store, input), name: nameOf(input) });
				return { id: user.id, status: 'Created' };
			},
			'UserCreateFailed',
		),
	);
	router.add(
		'POST',
		'users/create_or_update_many',
		{ accepts: accepts('create_or_update_many', { users: 'any' }) },
		(request) =>
			jobAnswer(
				api,
				CREATE,
				listIn(request),
				(input) => {
					const changes = userChanges(store, input);
					const known = changes.email ? store.findUser(changes.email) : undefined;
					if (!known) return { id: store.createUser({ ...changes, name: nameOf(input) }).id, status: 'Created' };
					return { id: store.updateUser(known.id, changes).id, status: 'Updated' };
				},
				'UserCreateFailed',
			),
	);
	router.add('PUT', 'users/update_many', { accepts: accepts('update_many', { users: 'any' }) }, (request) =>
		jobAnswer(
			api,
			UPDATE,
			listIn(request),
			(input) => {
				const user = store.updateUser(Number(input.id), userChanges(store, input));
				return { action: 'update', id: user.id, status: 'Updated', success: true };
			},
			'UserUpdateFailed',
		),
	);
	router.add('DELETE', 'users/destroy_many', { accepts: accepts('destroy_many', {}) }, (request) => {
		const ids = idList(request.query.ids);
		if (ids.length > 100) throw tooManyValues();
		return jobAnswer(
			api,
			UPDATE,
			ids.map((id) => ({ id })),
			({ id }) => {
				if (!store.users.get(id)?.active) throw notFound();
				store.deleteUser(id);
				return { action: 'delete', id, status: 'Deleted', success: true };
			},
			'UserDestroyFailed',
		);
	});
}

function listIn(request: ApiRequest): Array<Record<string, unknown>> {
	const rows = (Array.isArray(request.body.users) ? request.body.users : []) as Array<Record<string, unknown>>;
	if (rows.length > 100) throw tooManyNamed('users');
	return rows;
}
