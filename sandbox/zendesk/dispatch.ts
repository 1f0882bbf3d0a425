import type { FastifyReply, FastifyRequest } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallLog } from '../common/call-log';
import { meanwhile, type FaultEffect, type Faults } from '../common/faults';
import type { IncomingRequest } from './api';
import { readQuery } from './paging';
import type { Answer } from './router';

/** Between the web server and the endpoints: faults before and after, and the count of calls. */
export class Dispatcher {
	constructor(
		private readonly faults: Faults,
		private readonly calls: CallLog,
	) {}

	/** Answers one request. `counted` is false for what is not part of the API, as files. */
	async run(
		request: FastifyRequest,
		reply: FastifyReply,
		answerOf: (incoming: IncomingRequest) => Answer,
		counted = true,
	): Promise<FastifyReply> {
		const began = Date.now();
		const incoming = readRequest(request);
		const effects = this.faults.take({
			method: request.method,
			url: request.originalUrl,
			body: () => incoming.rawBody.toString('utf8'),
		});
		for (const effect of effects) if (effect.kind === 'latency') await sleep(effect.milliseconds);
		const kinds = effects.map((effect) => effect.kind);
		await meanwhile(effects, 'before');
		if (kinds.includes('silence')) return reply.hijack();
		if (kinds.includes('cut-before')) return cut(request, reply);
		const given = effects.find((effect): effect is FaultEffect & { kind: 'answer' } => effect.kind === 'answer');
		const answer = given
			? { status: given.status, headers: given.headers, body: given.body ?? '' }
			: answerOf(incoming);
		await meanwhile(effects, 'after');
		const body = bodyOf(answer);
		if (counted) this.count(request, incoming, answer.status, body.length, began);
		if (kinds.includes('cut-after')) return cut(request, reply);
		if (kinds.includes('cut-in-body')) return cutInBody(request, reply, answer, body);
		return await reply
			.code(answer.status)
			.headers(answer.headers ?? {})
			.send(body.length === 0 ? undefined : body);
	}

	private count(request: FastifyRequest, incoming: IncomingRequest, status: number, responseBytes: number, began: number): void {
		this.calls.add({
			method: request.method,
			path: request.originalUrl.split('?')[0],
			query: incoming.query,
			effectiveMethod: request.method,
			status,
			requestBytes: incoming.rawBody.length,
			responseBytes,
			began,
			ended: Date.now(),
		});
	}
}

function readRequest(request: FastifyRequest): IncomingRequest {
	const at = request.originalUrl.indexOf('?');
	const path = at < 0 ? request.originalUrl : request.originalUrl.slice(0, at);
	return {
		method: request.method,
		path: path
			.replace(/^\/api\/v2\//, '')
			.replace(/\.json$/, '')
			.replace(/\/$/, ''),
		query: at < 0 ? {} : readQuery(request.originalUrl.slice(at + 1)),
		headers: request.headers as Record<string, string | undefined>,
		rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
		ipAddress: request.ip,
	};
}

function bodyOf(answer: Answer): Buffer {
	if (answer.body === undefined || answer.body === null) return Buffer.alloc(0);
	if (Buffer.isBuffer(answer.body)) return answer.body;
	return Buffer.from(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
}

function cut(request: FastifyRequest, reply: FastifyReply): FastifyReply {
	reply.hijack();
	request.raw.socket.destroy();
	return reply;
}

function cutInBody(request: FastifyRequest, reply: FastifyReply, answer: Answer, body: Buffer): FastifyReply {
	reply.hijack();
	reply.raw.writeHead(answer.status, { ...answer.headers, 'content-length': String(body.length) });
	reply.raw.write(body.subarray(0, Math.floor(body.length / 2)), () => request.raw.socket.destroy());
	return reply;
}
