import type { FastifyInstance } from 'fastify';
import type { Clock } from './clock';

/** Every answer says when it was given, by the server's own clock (RFC 9110 §6.6.1), unless it says so already. */
export function dateAnswers(app: FastifyInstance, clock: Clock): void {
	app.addHook('onSend', async (_request, reply) => {
		if (!reply.hasHeader('date')) void reply.header('date', clock.now().toUTCString());
	});
}
