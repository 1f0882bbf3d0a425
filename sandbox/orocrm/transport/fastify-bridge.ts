import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CallLog } from '../../common/call-log';
import { meanwhile, type FaultEffect, type Faults } from '../../common/faults';
import { effectiveMethod, type ApiAnswer, type ApiRequest } from '../http';

type Answer = (request: ApiRequest) => Promise<ApiAnswer> | ApiAnswer;

/** Longest request line that nginx takes with its default buffers (orocrm-api.md §1.1). */
const LONGEST_LINE = 8190;

/** Carries requests between the web server and the API: faults, counting, and the line length that nginx allows. */
export function bridge(calls: CallLog, faults: Faults, answer: Answer) {
	return async (incoming: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
		const began = Date.now();
		const request = toApiRequest(incoming);
		const method = effectiveMethod(request);
		const effects = faults.take({ method, url: request.url, body: () => request.body });
		const has = <K extends FaultEffect['kind']>(kind: K): Extract<FaultEffect, { kind: K }> | undefined =>
			effects.find((effect): effect is Extract<FaultEffect, { kind: K }> => effect.kind === kind);

		const latency = effects.reduce((sum, effect) => sum + (effect.kind === 'latency' ? effect.milliseconds : 0), 0);
		if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency));
		const cut = (): FastifyReply => {
			reply.hijack();
			incoming.raw.socket.destroy();
			return reply;
		};
		await meanwhile(effects, 'before');
		if (has('silence')) {
			log(calls, request, method, 0, 0, began);
			reply.hijack();
			return reply;
		}
		if (has('cut-before')) {
			log(calls, request, method, 0, 0, began);
			return cut();
		}
		const instead = has('answer');
		const result = instead
			? { status: instead.status, headers: { ...instead.headers }, body: instead.body ?? '' }
			: request.method.length + request.url.length > LONGEST_LINE
				? tooLong()
				: await answer(request);
		await meanwhile(effects, 'after');
		log(calls, request, method, result.status, Buffer.byteLength(result.body), began);
		if (has('cut-after')) return cut();
		if (has('cut-in-body')) return cutInBody(reply, incoming, result);
		return await send(reply, result);
	};
}

function toApiRequest(incoming: FastifyRequest): ApiRequest {
	const headers: Record<string, string | undefined> = {};
	for (const [name, value] of Object.entries(incoming.headers)) {
		headers[name] = Array.isArray(value) ? value.join(', ') : value;
	}
	const body = typeof incoming.body === 'string' ? incoming.body : '';
	return { method: incoming.method, url: incoming.raw.url ?? '/', headers, body };
}

async function send(reply: FastifyReply, answer: ApiAnswer): Promise<unknown> {
	void reply.code(answer.status);
	for (const [name, value] of Object.entries(answer.headers)) void reply.header(name, value);
	return await reply.send(answer.body === '' ? undefined : Buffer.from(answer.body));
}

function cutInBody(reply: FastifyReply, incoming: FastifyRequest, answer: ApiAnswer): FastifyReply {
	reply.hijack();
	const bytes = Buffer.from(answer.body);
	reply.raw.writeHead(answer.status, { ...answer.headers, 'Content-Length': String(bytes.length) });
	reply.raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => incoming.raw.socket.destroy());
	return reply;
}

function tooLong(): ApiAnswer {
	const body = '<html><head><title>414 Request-URI Too Large</title></head><body></body></html>';
	return { status: 414, headers: { 'Content-Type': 'text/html' }, body };
}

function log(
	calls: CallLog,
	request: ApiRequest,
	effective: string,
	status: number,
	responseBytes: number,
	began: number,
): void {
	const at = request.url.indexOf('?');
	calls.add({
		method: request.method,
		path: at < 0 ? request.url : request.url.slice(0, at),
		query: at < 0 ? {} : Object.fromEntries(new URLSearchParams(request.url.slice(at + 1))),
		effectiveMethod: effective,
		status,
		requestBytes: Buffer.byteLength(request.body),
		responseBytes,
		began,
		ended: Date.now(),
	});
}
