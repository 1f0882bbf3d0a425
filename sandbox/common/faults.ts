import type { FastifyInstance } from 'fastify';

/** What goes wrong, when a request matches. */
export type FaultEffect =
	/** The answer comes this much later. */
	| { kind: 'latency'; milliseconds: number }
	/** This answer instead of the real one; the request is not carried out. */
	| { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string }
	/** The connection is cut before the request is carried out. */
	| { kind: 'cut-before' }
	/** The request is carried out, then the connection is cut without an answer. */
	| { kind: 'cut-after' }
	/** The request is carried out; the answer ends in mid-body and the connection is cut. */
	| { kind: 'cut-in-body' }
	/** No answer at all, the connection stays open. The request is not carried out. */
	| { kind: 'silence' }
	/**
	 * `work` runs just before the request is carried out or would have been, or after it was and before its answer goes: somebody changes a ticket
	 * or a case while a sync is between two steps. Only for tests of the same process; it can't be set over HTTP.
	 */
	| { kind: 'meanwhile'; when: 'before' | 'after'; work: () => void | Promise<void> };

/** Effects that are plain data, so that they can come over HTTP. */
const OVER_HTTP: string[] = ['latency', 'answer', 'cut-before', 'cut-after', 'cut-in-body', 'silence'] satisfies Array<
	FaultEffect['kind']
>;

export interface Fault {
	/** Default: any method. Compared with the method after an override. */
	method?: string;
	/** A pattern for the path with query; default: every path of the API. */
	path?: string;
	/** A pattern for the request body. */
	body?: string;
	/** How many matching requests pass unharmed first. Default 0. */
	skip?: number;
	/** How many matching requests are hit. Default: all until cleared. */
	times?: number;
	effect: FaultEffect;
}

interface ArmedFault extends Fault {
	seen: number;
	hit: number;
}

/** The fault switches of a practice server. */
export class Faults {
	private armed: ArmedFault[] = [];

	add(fault: Fault): void {
		this.armed.push({ ...fault, seen: 0, hit: 0 });
	}

	clear(): void {
		this.armed = [];
	}

	list(): readonly Fault[] {
		return this.armed;
	}

	/** The effects that apply to this request, each counted as used. The body is a function, for most faults never look at it. */
	take(request: { method: string; url: string; body: () => string }): FaultEffect[] {
		const effects: FaultEffect[] = [];
		for (const fault of this.armed) {
			if (fault.method && fault.method !== request.method) continue;
			if (fault.path && !new RegExp(fault.path).test(request.url)) continue;
			if (fault.body && !new RegExp(fault.body).test(request.body())) continue;
			fault.seen += 1;
			if (fault.seen <= (fault.skip ?? 0)) continue;
			if (fault.times !== undefined && fault.hit >= fault.times) continue;
			fault.hit += 1;
			effects.push(fault.effect);
		}
		return effects;
	}
}

/** Does what somebody else does at this moment of the request. */
export async function meanwhile(effects: FaultEffect[], when: 'before' | 'after'): Promise<void> {
	for (const effect of effects) if (effect.kind === 'meanwhile' && effect.when === when) await effect.work();
}

/** The routes by which a person or a test from outside sets faults: `GET/POST/DELETE /_practice/faults`. */
export function registerFaultRoutes(app: FastifyInstance, faults: Faults): void {
	app.get('/_practice/faults', async () => faults.list());
	app.post('/_practice/faults', async (request, reply) => {
		const fault = request.body as Fault;
		const kind = fault?.effect?.kind;
		if (kind === 'meanwhile') {
			const error = 'The effect "meanwhile" is a function: only a test in the same process can set it.';
			return await reply.code(400).send({ error });
		}
		if (!OVER_HTTP.includes(kind)) {
			return await reply.code(400).send({ error: `effect.kind must be one of ${OVER_HTTP.join(', ')}.` });
		}
		faults.add(fault);
		return await reply.code(204).send();
	});
	app.delete('/_practice/faults', async (_request, reply) => {
		faults.clear();
		return await reply.code(204).send();
	});
}
