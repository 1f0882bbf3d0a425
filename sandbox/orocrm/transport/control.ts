import type { FastifyInstance } from 'fastify';
import type { CallLog } from '../../common/call-log';
import { ManualClock, type Clock } from '../../common/clock';
import { registerFaultRoutes, type Faults } from '../../common/faults';
import type { Refusal, Store } from '../store/store';

/** The practice server's own controls, for people and for tests from outside. Not part of OroCRM and not counted. */
export function registerControl(
	app: FastifyInstance,
	parts: { calls: CallLog; faults: Faults; clock: Clock; store: Store },
): void {
	const { calls, faults, clock, store } = parts;
	registerFaultRoutes(app, faults);
	app.get('/_practice/calls', async () => calls.all());
	app.post('/_practice/calls/reset', async (_request, reply) => {
		calls.reset();
		return await reply.code(204).send();
	});
	app.get('/_practice/clock', async () => ({ now: clock.now().toISOString(), manual: clock instanceof ManualClock }));
	app.post('/_practice/clock/advance', async (request, reply) => {
		if (!(clock instanceof ManualClock)) return await reply.code(409).send({ error: 'The clock runs by itself' });
		clock.advance((request.body as { milliseconds: number }).milliseconds);
		return await reply.code(204).send();
	});
	app.post('/_practice/refusals', async (request, reply) => {
		store.refuse(request.body as Refusal);
		return await reply.code(204).send();
	});
	app.delete('/_practice/refusals', async (_request, reply) => {
		store.allowAll();
		return await reply.code(204).send();
	});
	app.get('/_practice/two-way-exports', async () => store.twoWayExports);
}
