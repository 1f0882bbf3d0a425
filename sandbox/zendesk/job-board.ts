import type { Clock } from '../common/clock';
import { jobIdFrom } from './ids';
import { jobTime } from './time';

export interface Job {
	id: string;
	job_type: string;
	total: number | null;
	/** How the message begins while the job works: before the first item ("Creating Tickets") and at one ("Creating ticket"). */
	beginning: string;
	step: string;
	startedAt: number;
	results: unknown;
	failed: boolean;
}

/** A job stays queued this long, then takes this long for each item. */
const QUEUED_MILLISECONDS = 200;
const ITEM_MILLISECONDS = 20;
/** Job data lives one day (zendesk-api.md §11). */
const KEPT_MILLISECONDS = 86_400_000;

/** The bulk jobs. Their work is done at once; what a client sees of it follows the clock (zendesk-api.md §11). */
export class JobBoard {
	private readonly jobs = new Map<string, Job>();

	constructor(private readonly clock: Clock) {}

	add(job: Omit<Job, 'id' | 'startedAt'>): Job {
		const startedAt = this.clock.now().getTime();
		const row: Job = { ...job, id: jobIdFrom(`${this.jobs.size} ${job.job_type} ${startedAt}`), startedAt };
		this.jobs.set(row.id, row);
		return row;
	}

	find(id: string): Job | undefined {
		const job = this.jobs.get(id);
		return job && this.elapsed(job) < KEPT_MILLISECONDS ? job : undefined;
	}

	all(): Job[] {
		return [...this.jobs.values()].filter((job) => this.elapsed(job) < KEPT_MILLISECONDS);
	}

	unfinished(): number {
		return this.all().filter((job) => this.elapsed(job) < this.duration(job)).length;
	}

	/** The `job_status` object as it stands now. */
	status(job: Job, baseUrl: string): Record<string, unknown> {
		const done = this.elapsed(job) - QUEUED_MILLISECONDS;
		const common = { id: job.id, job_type: job.job_type, url: `${baseUrl}/api/v2/job_statuses/${job.id}.json` };
		if (done < 0) {
			return { ...common, total: job.total, progress: null, status: 'queued', message: null, results: null };
		}
		if (this.elapsed(job) < this.duration(job)) {
			const progress = Math.floor(done / ITEM_MILLISECONDS);
			const message = progress === 0 ? job.beginning : `${job.step} #${progress}`;
			return { ...common, total: job.total, progress, status: 'working', message, results: null };
		}
		const finished = jobTime(new Date(job.startedAt + this.duration(job)));
		return {
			...common,
			total: job.total,
			progress: job.total,
			status: job.failed ? 'failed' : 'completed',
			message: `${job.failed ? 'Failed' : 'Completed'} at ${finished}`,
			results: job.results,
		};
	}

	clear(): void {
		this.jobs.clear();
	}

	data(): Job[] {
		return this.all();
	}

	fill(jobs: Job[]): void {
		for (const job of jobs) this.jobs.set(job.id, job);
	}

	private elapsed(job: Job): number {
		return this.clock.now().getTime() - job.startedAt;
	}

	private duration(job: Job): number {
		return QUEUED_MILLISECONDS + ITEM_MILLISECONDS * (job.total ?? 1);
	}
}
