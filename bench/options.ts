/** What a run of the bench measures and under which circumstances. */
export interface BenchOptions {
	/** Tickets of the side-by-side comparison and linked cases of the two-way part. */
	tickets: number;
	/** Tickets and cases that change. */
	changed: number;
	/** Comments of a ticket, its description included. */
	comments: number;
	/** Tickets of the backfills by which growth is seen. */
	backfills: number[];
	/** n8n workers of the part that shows how the work spreads. */
	workers: number[];
	/** What each answer of Zendesk and of OroCRM takes besides the work, in milliseconds. */
	zendeskLatency: number;
	orocrmLatency: number;
	/** Megabytes that the objects of an n8n process with our templates may take. */
	heap: number;
	parts: Part[];
	/** Write docs/performance.* from the results. */
	writeDocs: boolean;
	help: boolean;
}

export const PARTS = ['one-way', 'two-way', 'growth', 'workers'] as const;
export type Part = (typeof PARTS)[number];

const FULL: BenchOptions = {
	tickets: 1_000,
	changed: 10,
	comments: 3,
	backfills: [1_000, 3_000, 10_000],
	workers: [1, 2, 4],
	zendeskLatency: 200,
	orocrmLatency: 60,
	heap: 320,
	parts: [...PARTS],
	writeDocs: false,
	help: false,
};

/** Small enough for a look in between; the limits then hardly matter. */
const QUICK = { tickets: 50, changed: 5, backfills: [50, 100, 200], workers: [1, 2] };

const LARGEST_BACKFILL = 100_000;

export const help = `npm run bench                        measure and print; takes about an hour, mostly waiting for Zendesk's limits
npm run bench -- --quick             ${QUICK.tickets} tickets instead of ${FULL.tickets}, backfills of ${QUICK.backfills.join(', ')}
npm run bench -- --large             also a backfill of ${LARGEST_BACKFILL} tickets, which takes an hour more
npm run bench -- --only PART,PART    of ${PARTS.join(', ')}
npm run bench -- --tickets N         tickets of the one-way and the two-way part
npm run bench -- --backfills N,N     tickets of the growth part
npm run bench -- --workers N,N       n8n workers of the part about them (needs Redis and PostgreSQL)
npm run bench -- --zendesk-latency N milliseconds of each answer (${FULL.zendeskLatency})
npm run bench -- --orocrm-latency N  (${FULL.orocrmLatency})
npm run bench -- --heap N            megabytes that the objects of an n8n process may take, where no two sides are compared (${FULL.heap})
npm run bench -- --write-docs        put the results into docs/performance.json, docs/performance.md and docs/performance.svg;
                                     parts that were not measured keep their results`;

/** @throws an Error in words for flags that there are not */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
	const options: BenchOptions = { ...FULL, ...(args.includes('--quick') ? QUICK : {}) };
	const rest = [...args];
	const value = (flag: string): string => {
		const word = rest.shift();
		if (word === undefined) throw new Error(`${flag} needs a value.\n\n${help}`);
		return word;
	};
	const count = (flag: string, word = value(flag)): number => {
		if (!/^\d{1,7}$/.test(word)) throw new Error(`${flag} needs a whole number, not "${word}".`);
		return Number(word);
	};
	for (let flag = rest.shift(); flag !== undefined; flag = rest.shift()) {
		if (flag === '--quick') continue;
		else if (flag === '--large') options.backfills = [...options.backfills, LARGEST_BACKFILL];
		else if (flag === '--only') options.parts = value(flag).split(',').map(part);
		else if (flag === '--tickets') options.tickets = count(flag);
		else if (flag === '--backfills')
			options.backfills = value(flag)
				.split(',')
				.map((word) => count('--backfills', word));
		else if (flag === '--workers')
			options.workers = value(flag)
				.split(',')
				.map((word) => count('--workers', word));
		else if (flag === '--zendesk-latency') options.zendeskLatency = count(flag);
		else if (flag === '--orocrm-latency') options.orocrmLatency = count(flag);
		else if (flag === '--heap') options.heap = count(flag);
		else if (flag === '--write-docs') options.writeDocs = true;
		else if (flag === '--help') options.help = true;
		else throw new Error(`"npm run bench" does not know "${flag}".\n\n${help}`);
	}
	options.changed = Math.min(options.changed, options.tickets);
	return options;
}

function part(name: string): Part {
	const found = PARTS.find((candidate) => candidate === name);
	if (!found) throw new Error(`There is no part "${name}", only ${PARTS.join(', ')}.`);
	return found;
}
