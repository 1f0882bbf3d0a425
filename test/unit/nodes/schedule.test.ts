import type { ITriggerFunctions } from 'n8n-workflow';
import { scheduleOf, scheduleProperties } from '../../../nodes/shared/schedule';

const schedule = (values: Record<string, unknown>) => {
	const defaults = Object.fromEntries(scheduleProperties.map((property) => [property.name, property.default]));
	return scheduleOf({
		getNodeParameter: (name: string) => ({ ...defaults, ...values })[name],
	} as unknown as ITriggerFunctions);
};

test('as it comes: every minute', () => {
	expect(schedule({})).toEqual({ expression: '*/2 * * * * *', interval: 60_000 });
});

test.each([
	[30, 'seconds', 30_000, '* * * * * *'],
	[59, 'seconds', 59_000, '* * * * * *'],
	[7, 'minutes', 420_000, '*/2 * * * * *'],
	[2, 'hours', 7_200_000, '*/2 * * * * *'],
	[0.5, 'minutes', 30_000, '* * * * * *'],
])('every %d %s', (interval, unit, expected, expression) => {
	expect(schedule({ interval, unit })).toEqual({ expression, interval: expected });
});

test('more often than every two seconds would only wait for Zendesk’s limit', () => {
	expect(schedule({ interval: 1, unit: 'seconds' }).interval).toBe(2_000);
});

test.each([0, -1, NaN, 'often', ''])('an interval of %j is refused in words', (interval) => {
	expect(() => schedule({ interval })).toThrow(/above zero/);
});

test('an unknown unit is refused', () => {
	expect(() => schedule({ unit: 'fortnights' })).toThrow();
});

test.each(['*/5 * * * *', ' 0 */5 8-18 * * 1-5 ', '@hourly'])(
	'cron expression %j is n8n’s to judge',
	(cronExpression) => {
		expect(schedule({ schedule: 'cron', cronExpression })).toEqual({ expression: cronExpression.trim(), interval: 0 });
	},
);

test.each(['', '* * *', 'every day', '* * * * * * *'])('%j is no cron expression', (cronExpression) => {
	expect(() => schedule({ schedule: 'cron', cronExpression })).toThrow(/cron expression/);
});
