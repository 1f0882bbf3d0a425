import { ApiError } from '../../../http/api-error';
import { OroCrmClient } from '../../../orocrm/client';
import { caseKey } from '../../../sync/case-key';
import { fetchToken, OroAccess } from '../oro-access';
import { realTime } from '../real-time';
import { NotRun, type Scenario } from '../scenario';
import type { Stage } from '../stage';

/** The server itself: tokens, words of refusals, long questions. */
export const server: readonly Scenario[] = [
	{
		name: 'a wrong secret',
		expected: 'says that the client was refused, and what to check',
		run: async (stage) => {
			const error = await refusal(() => fetchToken({ ...stage.run.settings, clientSecret: 'wrong' }));
			stage.check.same('status', error.status, 401);
			stage.check.that(
				'words',
				error.message.includes('Client authentication failed'),
				'OroCRM’s words',
				error.message,
			);
			stage.check.that('advice', error.advice.includes('client secret'), 'to check the client secret', error.advice);
			return error.message;
		},
	},
	{
		name: 'a token that is no longer valid',
		expected: 'renewed, the work goes on',
		run: async (stage) => {
			stage.run.access.spoilToken();
			const user = await stage
				.clients()
				.oro.readSingle('userprofile')
				.catch((error: unknown) => {
					if (error instanceof ApiError && error.status !== 401) return 'no /userprofile';
					throw error;
				});
			return `goes on as user ${user}`;
		},
	},
	{
		name: 'a wrong API path',
		expected: 'says to check the address or the path',
		run: async (stage) => {
			const { settings } = stage.run;
			const access = new OroAccess(settings);
			const client = new OroCrmClient(settings.url, '/no/such/api', access.send, realTime);
			const error = await refusal(() => client.list('cases'));
			stage.check.that('status', [302, 404, 405].includes(error.status ?? 0), '404 or a redirect', error.status);
			stage.check.that('advice', /URL|API path/.test(error.advice), 'to check the address or the path', error.advice);
			return `${error.status}: ${error.message}`;
		},
	},
	{
		name: 'a list filter with 1,000 keys',
		expected: 'sent by POST with the method override; finds the one that is there',
		run: longFilter,
	},
];

async function refusal(work: () => Promise<unknown>): Promise<ApiError> {
	try {
		await work();
	} catch (error) {
		if (error instanceof ApiError) return error;
		throw error;
	}
	throw new Error('It was not refused.');
}

async function longFilter(stage: Stage): Promise<string> {
	const { facts, access } = stage.run;
	if (!facts.caseKeys) throw new NotRun('this OroCRM keeps no keys on its cases (6.1.10+, 7.0.2+)');
	const { id } = await stage.ticket(await stage.person('Lou Long'));
	await stage.sync(id);
	const { record } = await stage.theOne(id);
	const keys = Array.from({ length: 999 }, (_, i) => caseKey('nobody.invalid', i + 1));
	keys.splice(500, 0, caseKey(stage.zendesk.host, id));
	const sentBefore = access.sent.length;
	const { data, included } = await stage.clients().oro.list('zendesktickets', {
		filter: { 'relatedCase.externalId': keys },
		include: ['relatedCase'],
		pageSize: 2_000,
	});
	const [request] = access.sent.slice(sentBefore);
	stage.check.same('override', [request?.method, request?.overridden], ['GET', true]);
	stage.check.same(
		'records',
		data.map((row) => row.id),
		[record.id],
	);
	stage.check.same(
		'cases along with it',
		included.map((row) => row.id),
		[record.relatedCase],
	);
	return `${keys.length} keys in one request, record ${data.map((row) => row.id).join(', ')} found`;
}
