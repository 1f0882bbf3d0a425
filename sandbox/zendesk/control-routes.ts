import type { FastifyInstance } from 'fastify';
import type { Call, CallLog } from '../common/call-log';
import type { ManualClock } from '../common/clock';
import type { FileRequest } from './file-host';
import type { Limits } from './limits';
import { changeSettings, type Settings } from './settings';
import type { Tokens } from './tokens';

export interface Controls {
	calls: CallLog;
	limits: Limits;
	tokens: Tokens;
	/** Missing when the server runs on real time. */
	clock: ManualClock | undefined;
	settings: Settings;
	fileRequests: readonly FileRequest[];
}

/** What a person or a test from outside can see and do, besides the faults: calls, downloads, settings, clock, token expiry. */
export function registerControlRoutes(app: FastifyInstance, controls: Controls): void {
	const { calls, limits, tokens, clock, settings, fileRequests } = controls;
	app.get('/_practice/settings', async () => settings);
	app.post('/_practice/settings', async (request, reply) => {
		const problem = changeSettings(settings, request.body);
		return problem === undefined ? settings : await reply.code(400).send({ error: problem });
	});
	app.get('/_practice/file-requests', async () => fileRequests);
	app.get('/_practice/calls', async () => ({
		total: calls.count(),
		reads: calls.reads(),
		writes: calls.writes(),
		limitBreaches: limits.breachCount(),
		byPath: countByPattern(calls.all()),
	}));
	app.post('/_practice/calls/reset', async (_request, reply) => {
		calls.reset();
		limits.resetBreaches();
		return await reply.code(204).send();
	});
	app.post('/_practice/tokens/expire', async (_request, reply) => {
		tokens.expireAccessTokens();
		return await reply.code(204).send();
	});
	app.post('/_practice/clock', async (request, reply) => {
		if (!clock) return await reply.code(409).send({ error: 'This server runs on real time.' });
		const { advanceSeconds } = request.body as { advanceSeconds: number };
		clock.advance(advanceSeconds * 1000);
		return { now: clock.now().toISOString() };
	});
}

/** `GET /api/v2/tickets/{id}/comments`: numbers in the path are one pattern, `.json` does not count. */
export function pathPattern(call: Call): string {
	const path = call.path
		.replace(/\.json$/, '')
		.replace(/\/\d+(?=\/|$)/g, '/{id}')
		.replace(/\/V3-[0-9a-f]+/, '/{id}');
	return `${call.effectiveMethod} ${path}`;
}

function countByPattern(calls: readonly Call[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const call of calls) counts[pathPattern(call)] = (counts[pathPattern(call)] ?? 0) + 1;
	return counts;
}
