import type { Api } from './api';
import { ApiError, notFound } from './errors';
import type { Answer } from './router';

export interface JobWords {
	job_type: string;
	beginning: string;
	step: string;
}

/**
 * Does a bulk request's work and answers with its job, queued. Failed items stand in the results of a completed job; only
 * when all fail has the job failed (zendesk-api.md §11).
 */
export function jobAnswer<T extends { id?: unknown }>(
	api: Api,
	words: JobWords,
	items: T[],
	work: (item: T, index: number) => Record<string, unknown>,
	failure: string,
): Answer {
	refuseTooManyJobs(api);
	const results: Array<Record<string, unknown>> = [];
	let failures = 0;
	for (const index of workOrder(items.length)) {
		try {
			results[index] = work(items[index], index);
		} catch (error) {
			if (!(error instanceof ApiError)) throw error;
			failures += 1;
			results[index] = failedItem(error, index, items[index].id, failure);
		}
	}
	const job = api.store.jobs.add({
		...words,
		total: items.length,
		results,
		failed: items.length > 0 && failures === items.length,
	});
	api.store.changed();
	return { status: 200, body: { job_status: api.store.jobs.status(job, api.baseUrl()) } };
}

/** Jobs do not take items in order: the ids of new rows are not in the order of the request (R:job_statuses.completed.tickets_create.1). */
function workOrder(count: number): number[] {
	const all = Array.from({ length: count }, (_unused, index) => index);
	return [...all.slice(1), ...all.slice(0, 1)];
}

/** `{index, error, id, details}`; a creation has no id (zendesk-api.md §11). */
function failedItem(error: ApiError, index: number, id: unknown, failure: string): Record<string, unknown> {
	const body = error.body as {
		error?: string;
		description?: string;
		details?: Record<string, Array<{ description: string }>>;
	};
	const details = Object.values(body.details ?? {})
		.flat()
		.map((problem) => problem.description);
	const words = details.length > 0 ? details.join(' ') : (body.description ?? '');
	const name = error.status === 409 ? 'UpdateConflict' : failure;
	return { index, error: name, ...(id === undefined ? {} : { id: Number(id) }), details: words };
}

function refuseTooManyJobs(api: Api): void {
	const most = api.limits.settings?.jobs ?? Infinity;
	if (api.store.jobs.unfinished() >= most) throw api.limits.refusal(60, 'Number of allowed jobs exceeded');
}

export function jobRoutes(api: Api): void {
	const { router, store } = api;
	const shown = (id: string) => {
		const job = store.jobs.find(id);
		return job ? [store.jobs.status(job, api.baseUrl())] : [];
	};
	router.add('GET', 'job_statuses', {}, () => {
		const job_statuses = store.jobs.all().map((job) => store.jobs.status(job, api.baseUrl()));
		return { status: 200, body: { job_statuses, next_page: null, previous_page: null, count: job_statuses.length } };
	});
	router.add('GET', 'job_statuses/show_many', {}, ({ query }) => ({
		status: 200,
		body: { job_statuses: (query.ids ?? '').split(',').flatMap(shown) },
	}));
	router.add('GET', 'job_statuses/:id', {}, ({ params }) => {
		const [job_status] = shown(params.id);
		if (!job_status) throw notFound();
		return { status: 200, body: { job_status } };
	});
}
