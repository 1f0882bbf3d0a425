import type { CronExpression, INodeProperties, ITriggerFunctions } from 'n8n-workflow';

/** When a trigger looks. */
export const scheduleProperties: INodeProperties[] = [
	{
		displayName: 'Look for Changes',
		name: 'schedule',
		type: 'options',
		options: [
			{ name: 'At Intervals', value: 'interval' },
			{ name: 'By Cron Expression', value: 'cron' },
		],
		default: 'interval',
	},
	{
		displayName: 'Every',
		name: 'interval',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1,
		displayOptions: { show: { schedule: ['interval'] } },
	},
	{
		displayName: 'Unit',
		name: 'unit',
		type: 'options',
		options: [
			{ name: 'Hours', value: 'hours' },
			{ name: 'Minutes', value: 'minutes' },
			{ name: 'Seconds', value: 'seconds' },
		],
		default: 'minutes',
		displayOptions: { show: { schedule: ['interval'] } },
	},
	{
		displayName: 'Expression',
		name: 'cronExpression',
		type: 'string',
		default: '*/5 * * * *',
		placeholder: '*/5 8-18 * * 1-5',
		hint: 'Minute, hour, day, month, weekday; a sixth field in front for seconds. In the workflow’s time zone.',
		displayOptions: { show: { schedule: ['cron'] } },
	},
];

/** For the options of a trigger. */
export const runDeadlineOption: INodeProperties = {
	displayName: 'Give Up a Silent Run After (Minutes)',
	name: 'runDeadline',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 60,
	description: 'A run that neither ends nor fails for so long is taken for lost, and its batch is handed out again. Choose more than your longest run.',
};

/** Milliseconds. */
export function runDeadline(options: { runDeadline?: number }): number {
	return Math.max(1, options.runDeadline ?? 60) * 60_000;
}

const UNITS: Record<string, number> = { seconds: 1_000, minutes: 60_000, hours: 3_600_000 };
/** Zendesk allows 10 export requests a minute, so a look more often than this only waits; and it is often enough for OroCRM, too. */
const SHORTEST_INTERVAL = 2_000;

export interface Schedule {
	/** Ticks for n8n's scheduler. */
	expression: CronExpression;
	/** Least time between two looks, in milliseconds. */
	interval: number;
}

/**
 * The schedule of the node's settings. An interval is a fine tick and a least time between two looks, for cron itself can't say
 * "every 7 minutes", and whoever switches a workflow on waits for its first look. Throws an Error in words when the settings make no schedule.
 */
export function scheduleOf(context: ITriggerFunctions): Schedule {
	if (context.getNodeParameter('schedule') === 'cron') {
		const expression = String(context.getNodeParameter('cronExpression')).trim();
		if (![5, 6].includes(expression.split(/\s+/).length) && !expression.startsWith('@')) throw new Error(`"${expression}" is no cron expression: it has five or six fields, for example "*/5 * * * *".`);
		return { expression: expression as CronExpression, interval: 0 };
	}
	const count = Number(context.getNodeParameter('interval'));
	const unit = UNITS[String(context.getNodeParameter('unit'))];
	if (!(count > 0) || !unit) throw new Error('The interval must be a number above zero.');
	const interval = Math.max(SHORTEST_INTERVAL, count * unit);
	return { expression: interval < 60_000 ? '* * * * * *' : '*/2 * * * * *', interval };
}
